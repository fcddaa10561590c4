/** Files that cannot be read: they stop the import, or are listed while the others are published. */
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { TABLE_FAILURE_CODES } from '../../errors/waits.js';
import type { SkippedFile } from '../types.js';

export class FailedFiles {
  /** What is thrown when nothing else is left to be published. */
  first: ImportError | undefined;

  constructor(
    private readonly mode: DatasetEntry['on_table_failure'],
    private readonly skipped: SkippedFile[],
  ) {}

  /** Throws what `work` throws where the others must wait for it, or where it is not the fault of this file. */
  async attempt(path: string, bytes: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const isKept =
        this.mode === 'publish_others' &&
        error instanceof ImportError &&
        TABLE_FAILURE_CODES.includes(error.code);
      if (!isKept) throw error;
      this.first ??= error;
      const { code, message, nextStep } = error;
      this.skipped.push({
        ...{ originalPath: path, bytes, reason: message },
        failure: { code, nextStep },
      });
    }
  }
}
