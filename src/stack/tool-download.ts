/** Downloads a program from its vendor; an offline machine falls through within seconds. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as tar from 'tar';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { whyNotRunnable } from './tool-check.js';
import { moveIntoCache } from './tool-go-install.js';
import type { InstallOptions } from './tool-go-install.js';
import { TOOLS } from './tool-versions.js';
import type { ToolName } from './tool-versions.js';

const CONNECT_TIMEOUT_MS = 3000;
/** Time without a byte after which a download is given up. */
const STALL_TIMEOUT_MS = 20_000;

/** Path of the installed program. Thrown: an Error whose message is a line of the search report. */
export async function downloadTool(
  name: ToolName,
  { tools, onProgress, signal }: InstallOptions,
): Promise<string> {
  const { version, url, packed, sha256Url } = TOOLS[name].download;
  mkdirSync(tools, { recursive: true });
  const temporary = mkdtempSync(join(tools, `.${name}-download-`));
  // Honours HTTPS_PROXY and NO_PROXY.
  const dispatcher = new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: STALL_TIMEOUT_MS,
    bodyTimeout: STALL_TIMEOUT_MS,
  });
  try {
    onProgress(`${name}: downloading ${url}`);
    const get = async (address: string): Promise<NonNullable<Body>> => {
      const response = await fetch(address, { dispatcher, signal });
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      return response.body;
    };
    const file = join(temporary, packed ? 'archive.tar.gz' : name);
    await pipeline(await get(url), createWriteStream(file), { signal });
    if (sha256Url !== undefined) await verifySha256(file, await text(await get(sha256Url)));
    if (packed) await tar.extract({ file, cwd: temporary, filter: (path) => path === name });
    const program = join(temporary, name);
    chmodSync(program, 0o755);
    const problem = await whyNotRunnable(program, signal);
    if (problem !== undefined) throw new Error(`the downloaded file does not run: ${problem}`);
    return moveIntoCache(program, join(tools, `${name}-${version}`), name);
  } catch (error) {
    throw new Error(`download ${url}: ${reason(error)}`, { cause: error });
  } finally {
    await dispatcher.destroy();
    rmSync(temporary, { recursive: true, force: true });
  }
}

type Body = Awaited<ReturnType<typeof fetch>>['body'];

async function text(body: NonNullable<Body>): Promise<string> {
  let result = '';
  for await (const chunk of body) result += Buffer.from(chunk as Uint8Array).toString('utf8');
  return result;
}

async function verifySha256(file: string, published: string): Promise<void> {
  const expected = published.trim().split(/\s+/)[0];
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== expected) throw new Error(`expected SHA-256 ${expected}, found ${found}`);
}

/** undici wraps the interesting part ("getaddrinfo ENOTFOUND ...") in "fetch failed". */
function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
