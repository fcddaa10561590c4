/** Finds a program of the stack, or installs it once for this user. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { withLock } from '../locks/lock.js';
import { whyNotRunnable } from './tool-check.js';
import { goInstall } from './tool-go-install.js';
import { TOOLS } from './tool-versions.js';
import type { ToolName } from './tool-versions.js';
import type { ReportProgress } from './types.js';

export interface FindToolOptions {
  /** Used, or refused; never passed over in silence. */
  readonly explicitPath?: string;
  /** Per-user cache (`$XDG_CACHE_HOME` or `~/.cache`). */
  readonly cacheDirectory: string;
  readonly onProgress: ReportProgress;
  readonly signal: AbortSignal;
}

/**
 * Absolute path of the program: the explicit path, the PATH, the per-user cache, the vendor's
 * download, the Go toolchain. Thrown when none of them works: TOOL_NOT_FOUND, with what each said.
 */
export async function findTool(name: ToolName, options: FindToolOptions): Promise<string> {
  const tool = TOOLS[name];
  const { explicitPath, cacheDirectory, onProgress, signal } = options;
  if (explicitPath !== undefined) {
    const problem = await whyNotRunnable(explicitPath, signal);
    if (problem === undefined) return explicitPath;
    throw new ImportError('TOOL_NOT_FOUND', {
      place: name,
      expected: `${tool.variable} to name a program that runs`,
      found: `${explicitPath}: ${problem}`,
      nextStep: `Correct or unset ${tool.variable}.`,
    });
  }

  const tried: string[] = [];
  const onPath = await searchPath(name);
  if (onPath !== undefined) {
    const problem = await whyNotRunnable(onPath, signal);
    if (problem === undefined) return onPath;
    tried.push(`PATH: ${onPath}: ${problem}`);
  } else {
    tried.push('PATH: not there');
  }

  const tools = join(cacheDirectory, 'kaggle-import', 'tools');
  const cached = await searchCache(name, tools, signal);
  if (cached.program !== undefined) return cached.program;

  // Two that begin at once would build the same for minutes: the second finds what the first has made.
  const onWait = (): void => onProgress(`${name}: waiting for another command that installs it`);
  const installed = await withLock(join(tools, `${name}-claims`), { signal, onWait }, async () => {
    const { program, missing } = await searchCache(name, tools, signal);
    if (program !== undefined) return program;
    tried.push(...missing);
    // What it downloads and unpacks with is loaded by the few who have to.
    const { downloadTool } = await import('./tool-download.js');
    for (const install of [downloadTool, goInstall]) {
      try {
        return await install(name, { tools, onProgress, signal });
      } catch (error) {
        signal.throwIfAborted();
        tried.push(error instanceof Error ? error.message : String(error));
      }
    }
    return undefined;
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    tried.push(`cache: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
  if (installed !== undefined) return installed;
  throw new ImportError('TOOL_NOT_FOUND', {
    place: name,
    expected: 'one of these ways to give it',
    found: `\n${tried.map((line) => `  - ${line}`).join('\n')}`,
    nextStep:
      `Install ${tool.title} (${tool.website}) on the PATH, or set ${tool.variable} to its path, ` +
      `or install Go ${tool.goVersion} or newer, ` +
      `or set ${tool.serviceVariable} to use a running server.`,
  });
}

/** `missing`: what each place said, when none has it. */
async function searchCache(
  name: ToolName,
  tools: string,
  signal: AbortSignal,
): Promise<{ readonly program?: string; readonly missing: readonly string[] }> {
  const missing: string[] = [];
  for (const version of TOOLS[name].cachedVersions) {
    const program = join(tools, `${name}-${version}`, name);
    if (!existsSync(program)) missing.push(`cache: ${program}: not there`);
    else if ((await whyNotRunnable(program, signal)) === undefined) return { program, missing };
    else missing.push(`cache: ${program}: does not run`);
  }
  return { missing };
}

/** The shell's own search; undefined when nothing is found. */
async function searchPath(name: string): Promise<string | undefined> {
  const { execa } = await import('execa');
  const { stdout, exitCode } = await execa('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], {
    reject: false,
  });
  return exitCode === 0 && stdout.startsWith('/') ? stdout : undefined;
}
