/** Runs the built `kaggle-import` command as a user would, in an environment of its own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

const client = join(import.meta.dirname, '..', '..', 'dist', 'client.js');

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandRunner {
  /** Absolute; holds the stack, the cache, the work folders and the log. */
  readonly folder: string;
  readonly run: (
    args: readonly string[],
    environment?: Record<string, string>,
  ) => Promise<CommandResult>;
}

/** Nothing of the machine's own Kaggle, Temporal or store settings reaches the command. */
export function commandRunner(environment: Record<string, string> = {}): CommandRunner {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-e2e-'));
  const own = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? folder,
    KAGGLE_CONFIG_DIR: join(folder, 'no-kaggle'),
    STACK_DIR: join(folder, '.stack'),
    CACHE_DIR: join(folder, 'cache'),
    WORK_DIR: join(folder, 'work'),
    LOG_FILE: join(folder, 'kaggle_import.log'),
    UV_THREADPOOL_SIZE: '8',
  };
  return {
    folder,
    run: async (args, more = {}) => {
      const { exitCode, stdout, stderr } = await execa(process.execPath, [client, ...args], {
        env: { ...own, ...environment, ...more },
        extendEnv: false,
        reject: false,
        stdin: 'ignore',
      });
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
  };
}
