/** The configuration of a process that goes on: a file that breaks leaves the last good one in force. */
import { ImportError } from '../errors/index.js';
import type { DatasetsConfig } from './datasets.js';

export interface ConfigState {
  /** Of the configuration in force. */
  readonly digest: string;
  /** Why the files as they are now cannot be used; absent when they are in force. */
  readonly problem?: string;
}

/**
 * Throws what `read` throws until it has succeeded once. `tell` hears of each change: of a new configuration, of a
 * new problem, and of its end.
 */
export function createLastGood(
  read: () => Promise<DatasetsConfig>,
  tell: (state: ConfigState) => void,
): () => Promise<DatasetsConfig> {
  let good: DatasetsConfig | undefined;
  let told: ConfigState | undefined;
  const change = (state: ConfigState): void => {
    if (told?.digest === state.digest && told.problem === state.problem) return;
    told = state;
    tell(state);
  };
  return async () => {
    try {
      good = await read();
      change({ digest: good.digest });
    } catch (error) {
      if (!good || !(error instanceof ImportError)) throw error;
      change({ digest: good.digest, problem: `${error.code}: ${error.message}` });
    }
    return good;
  };
}
