/** The search for a program: each place in its order, and a failure that names them all. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findTool } from '../../src/stack/index.js';
import { TOOLS } from '../../src/stack/tool-versions.js';

let folder: string;
let onPath: string;
const options = () => ({
  cacheDirectory: join(folder, 'cache'),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kaggle-import-tools-'));
  onPath = join(folder, 'bin', 'temporal');
  mkdirSync(dirname(onPath));
  // A machine without internet and without Go.
  vi.stubEnv('PATH', dirname(onPath));
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
  vi.stubEnv('https_proxy', 'http://127.0.0.1:9');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function program(path: string, exitCode = 0): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return path;
}

function cached(): string {
  const version = TOOLS.temporal.cachedVersions[0]!;
  return join(folder, 'cache', 'kaggle-import', 'tools', `temporal-${version}`, 'temporal');
}

test('an explicit path comes first, then the PATH, then the cache', async () => {
  const inCache = program(cached());
  expect(await findTool('temporal', options())).toBe(inCache);
  program(onPath);
  expect(await findTool('temporal', options())).toBe(onPath);
  const explicitPath = program(join(folder, 'mine'));
  expect(await findTool('temporal', { ...options(), explicitPath })).toBe(explicitPath);
});

test('an explicit path that does not run is refused, not passed over', async () => {
  program(onPath);
  const explicitPath = join(folder, 'nothing');
  await expect(findTool('temporal', { ...options(), explicitPath })).rejects.toMatchObject({
    code: 'TOOL_NOT_FOUND',
    message: expect.stringMatching(/TEMPORAL_CLI.*nothing/) as string,
    nextStep: 'Correct or unset TEMPORAL_CLI.',
  });
});

test('a program that does not run is passed over', async () => {
  program(onPath, 1);
  const inCache = program(cached());
  expect(await findTool('temporal', options())).toBe(inCache);
});

test.each(['temporal', 'minio'] as const)(
  'without %s anywhere, the failure names everything tried and what to install',
  async (name) => {
    program(cached(), 1);
    const error = await findTool(name, options()).catch((caught: unknown) => caught as Error);
    const { download, goInstall, variable, serviceVariable } = TOOLS[name];
    expect(error).toMatchObject({ code: 'TOOL_NOT_FOUND' });
    for (const place of ['PATH: not there', 'cache: ', download.url, goInstall.package]) {
      expect((error as Error).message).toContain(place);
    }
    expect(error).toMatchObject({
      nextStep: expect.stringMatching(
        new RegExp(`Install .* on the PATH.*${variable}.*Go.*${serviceVariable}`),
      ) as string,
    });
  },
);

test('two that need a program at once install it once', async () => {
  const go = join(dirname(onPath), 'go');
  const made = '/bin/echo "#!/bin/sh" > "$GOBIN/temporal"; /bin/chmod 755 "$GOBIN/temporal"';
  writeFileSync(go, `#!/bin/sh\n/bin/echo one >> "${folder}/builds"; /bin/sleep 1; ${made}\n`);
  chmodSync(go, 0o755);
  const found = await Promise.all([
    findTool('temporal', options()),
    findTool('temporal', options()),
  ]);
  expect(new Set(found).size).toBe(1);
  expect(readFileSync(join(folder, 'builds'), 'utf8')).toBe('one\n');
});
