/** What a conversion says of itself while it runs. */
import type { Growth, TableSource } from './types.js';

export interface ConvertProgress {
  readonly phase: 'reading' | 'proving' | 'writing' | 'profiling';
  /** Of the phase, 0 to 100. */
  readonly percent: number;
  /** Source bytes read by the ledger's own reader. */
  readonly bytes: number;
  readonly totalBytes: number;
  /** Source records done in this phase: counted while reading, by DuckDB's share of its work later. */
  readonly rows: number;
}

/** Keeps the facts together; every change goes to `onProgress`. No phase begins once `signal` is aborted. */
export function reporter(
  totalBytes: number,
  signal: AbortSignal,
  onProgress?: (progress: ConvertProgress) => void,
) {
  let progress: ConvertProgress = { phase: 'reading', percent: 0, bytes: 0, totalBytes, rows: 0 };
  let records = 0;
  const show = (facts: Partial<ConvertProgress>): void => {
    progress = { ...progress, ...facts };
    onProgress?.(progress);
  };
  return {
    phase: (phase: ConvertProgress['phase']) => {
      signal.throwIfAborted();
      show({ phase, percent: 0, rows: 0 });
    },
    /** Of the query that runs. */
    percent: (percent: number) => {
      if (progress.phase === 'reading') return;
      show({ percent, rows: Math.floor((records * percent) / 100) });
    },
    /** So far, rejects among the records. */
    read: (bytes: number, rows: number) => {
      records = rows;
      const percent = totalBytes === 0 ? 100 : Math.min(100, (100 * bytes) / totalBytes);
      show({ bytes: Math.min(bytes, totalBytes), percent, rows });
    },
  };
}

/** Of the source: of all its files, or of the new ones of a table that grows. */
export function bytesToRead({
  table,
  growth,
}: {
  readonly table: Pick<TableSource, 'sourceBytes'>;
  readonly growth?: Pick<Growth, 'members'>;
}): number {
  const members = growth?.members;
  return members?.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0) ?? table.sourceBytes;
}
