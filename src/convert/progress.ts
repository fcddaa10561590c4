/** What a conversion says of itself while it runs. */

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
