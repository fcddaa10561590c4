/** Builds a program with `go install` at its pinned version; safe when several processes do it. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TOOLS } from './tool-versions.js';
import type { ToolName } from './tool-versions.js';
import type { ReportProgress } from './types.js';

export interface InstallOptions {
  /** Absolute path of the tools folder in the per-user cache. */
  readonly tools: string;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
}

const HEARTBEAT_MS = 15_000;

/** Path of the installed program. Thrown: an Error whose message is a line of the search report. */
export async function goInstall(
  name: ToolName,
  { tools, onProgress, signal }: InstallOptions,
): Promise<string> {
  const { version, package: source } = TOOLS[name].goInstall;
  const line = `go install ${source}`;
  mkdirSync(tools, { recursive: true });
  const temporary = mkdtempSync(join(tools, `.${name}-go-`));
  const startedAt = Date.now();
  const say = (): void => {
    onProgress(`${name}: ${line} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
  };
  say();
  const heartbeat = setInterval(say, HEARTBEAT_MS);
  try {
    const { execa } = await import('execa');
    const { exitCode, stderr, shortMessage } = await execa(
      'go',
      ['install', '-ldflags', '-s -w', source],
      {
        env: { CGO_ENABLED: '0', GOBIN: temporary },
        cwd: temporary,
        reject: false,
        cancelSignal: signal,
      },
    );
    if (exitCode !== 0) {
      const reason = stderr.trim().split('\n').slice(-2).join(' ') || shortMessage?.split('\n')[0];
      throw new Error(`${line}: ${reason}`);
    }
    return moveIntoCache(join(temporary, name), join(tools, `${name}-${version}`), name);
  } finally {
    clearInterval(heartbeat);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The rename replaces in one step: whoever looks finds no program or a whole one. */
export function moveIntoCache(program: string, folder: string, name: string): string {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, name);
  renameSync(program, target);
  return target;
}
