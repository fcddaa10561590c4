/** What every verb gets: where to write, how to be interrupted, which environment counts. */
import { join, resolve } from 'node:path';
import {
  hasKaggleCredentials,
  projectDirectory,
  readEnvironment,
  type Environment,
} from '../config/environment.js';
import { readStack, stackEnvironment, type StackState } from '../stack/index.js';
import { SAMPLE_ACCOUNT } from '../stack/kaggle-server/authentication.js';
import type { Screen } from './screen.js';

export interface CommandContext {
  readonly signal: AbortSignal;
  /** Machine-readable results on stdout instead of tables. */
  readonly json: boolean;
  /** A result, on stdout: `data` with `--json`, else the text. Without `data`, the verb has written its own. */
  readonly result: (data: object | undefined, text: string) => void;
  /** Columns of the terminal that results go to; absent for a file or a pipe. */
  readonly width?: number | undefined;
  /** Remarks, on stderr: lines that stay. */
  readonly note: (line: string) => void;
  /** Lines that live below the remarks; absent where stderr is no terminal. */
  readonly live?: Screen['live'];
}

/** Runs one verb of the command; `tidiesUp`: it ends by itself, in order, when it is interrupted. */
export type Run = (
  verb: (context: CommandContext) => Promise<void>,
  options?: { readonly tidiesUp?: boolean },
) => Promise<void>;

export const samplesDirectory = join(projectDirectory, 'samples');

/** Absolute path of the embedded stack's folder. */
export function stackDirectory({ STACK_DIR }: Environment): string {
  return resolve(STACK_DIR);
}

const KAGGLE_API = 'https://api.kaggle.com';

/**
 * The environment of a verb: the user's own variables, and below them the services of a running
 * embedded stack. A stack that serves the samples brings their configuration along, unless the user
 * has Kaggle credentials of their own.
 */
export async function commandEnvironment(): Promise<Environment> {
  const own = readEnvironment();
  const state = await readStack(stackDirectory(own));
  if (!state) return own;
  return environmentOf(state, servesSamples(own, state) ? 'fallback' : 'never');
}

/**
 * `always`: the demo, on its own configuration whatever is set. `fallback`: the samples stand in for
 * Kaggle, and for the configuration unless `KAGGLE_IMPORT_CONFIG` names one. `never`: the user's own.
 */
export type UseOfSamples = 'always' | 'fallback' | 'never';

/** True when the sample Kaggle server of the stack stands in for Kaggle. */
export function servesSamples(own: Environment, state: StackState | undefined): boolean {
  return state?.services.kaggle?.alive === true && !hasRealKaggle(own);
}

/** True when the user has said which Kaggle to use, or who they are there. */
export function hasRealKaggle(own: Environment): boolean {
  return hasKaggleCredentials(own) || own.KAGGLE_API_BASE !== KAGGLE_API;
}

/** The environment of a stack; where samples are used, their Kaggle wins over the user's own variables. */
export function environmentOf(state: StackState, samples: UseOfSamples): Environment {
  const served = Object.entries(stackEnvironment(state));
  const isKaggle = ([name]: [string, string]): boolean => name.startsWith('KAGGLE_');
  const services = Object.fromEntries(served.filter((pair) => !isKaggle(pair)));
  if (samples === 'never') return readEnvironment(services);
  const sampleKaggle = {
    ...Object.fromEntries(served.filter(isKaggle)),
    // A token of the user's own must not go to the sample server.
    KAGGLE_API_TOKEN: SAMPLE_ACCOUNT.token,
  };
  const config = { KAGGLE_IMPORT_CONFIG: join(samplesDirectory, 'kaggle_datasets_config.yaml') };
  return samples === 'always'
    ? readEnvironment(services, { ...sampleKaggle, ...config })
    : readEnvironment({ ...services, ...config }, sampleKaggle);
}
