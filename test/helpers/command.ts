/** Runs the built `kaggle-import` command as a user would, in an environment of its own. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** What `kaggle-import` is. */
export const client = join(import.meta.dirname, '..', '..', 'dist', 'client.js');

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs: for tests that interrupt it. */
export interface RunningCommand {
  /** stderr so far. */
  readonly said: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<CommandResult>;
}

export interface CommandRunner {
  /** Absolute; holds the stack, the cache, the work folders and the log. */
  readonly folder: string;
  /** All that the command gets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly start: (args: readonly string[], environment?: Record<string, string>) => RunningCommand;
  readonly run: (
    args: readonly string[],
    environment?: Record<string, string>,
  ) => Promise<CommandResult>;
  /** Its stdout; anything but exit code 0 throws what it said. */
  readonly succeeds: (...args: string[]) => Promise<string>;
  /** What it says with `--json`; throws as `succeeds`. */
  readonly json: <Data>(...args: string[]) => Promise<Data>;
}

/** Nothing of the machine's own Kaggle, Temporal or store settings reaches the command. */
export function commandRunner(environment: Record<string, string> = {}): CommandRunner {
  const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-e2e-'));
  // The user of an embedded PostgreSQL must be able to enter.
  chmodSync(folder, 0o711);
  const all = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? folder,
    KAGGLE_CONFIG_DIR: join(folder, 'no-kaggle'),
    // Where `temporal.toml` would be.
    XDG_CONFIG_HOME: join(folder, 'no-config'),
    STACK_DIR: join(folder, '.stack'),
    CACHE_DIR: join(folder, 'cache'),
    WORK_DIR: join(folder, 'work'),
    LOG_FILE: join(folder, 'kaggle_import.log'),
    UV_THREADPOOL_SIZE: '8',
    ...environment,
  };
  const start: CommandRunner['start'] = (args, more = {}) => {
    const child = execa(process.execPath, [client, ...args], {
      env: { ...all, ...more },
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return {
      said: () => said,
      signal: (name) => child.kill(name),
      ended: child.then(({ exitCode, stdout, stderr }) => ({
        exitCode: exitCode ?? -1,
        stdout,
        stderr,
      })),
    };
  };
  const run: CommandRunner['run'] = (args, more) => start(args, more).ended;
  const succeeds = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(args);
    if (exitCode !== 0)
      throw new Error(`${args.join(' ')}: exit code ${exitCode}\n${stdout}${stderr}`);
    return stdout;
  };
  const json = async <Data>(...args: string[]): Promise<Data> =>
    JSON.parse(await succeeds('--json', ...args)) as Data;
  return { folder, environment: all, start, run, succeeds, json };
}
