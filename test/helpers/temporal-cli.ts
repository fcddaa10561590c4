/** The real `temporal` command, as a user has it. */
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { inject } from 'vitest';
import { findTool } from '../../src/stack/find-tool.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Absolute path. */
export function findTemporal(): Promise<string> {
  const explicitPath = process.env['TEMPORAL_CLI'];
  return findTool('temporal', {
    ...(explicitPath !== undefined && { explicitPath }),
    cacheDirectory: process.env['XDG_CACHE_HOME'] ?? `${homedir()}/.cache`,
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
}

/** Runs it in the root of the project, where documented paths are valid. Gives stdout; throws when it fails. */
export async function temporal(namespace: string, args: readonly string[]): Promise<string> {
  const { stdout } = await execa(await findTemporal(), args, {
    cwd: root,
    env: { TEMPORAL_ADDRESS: inject('stack').TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE: namespace },
    maxBuffer: 100e6,
  });
  return stdout;
}
