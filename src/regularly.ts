/** What a worker does now and then beside its tasks. */

/**
 * Does the work now and every so often, one turn after the other.
 * @param work - throws nothing; its signal is aborted at the end
 * @returns What ends it, and resolves when nothing of it runs any more.
 */
export function regularly(
  everyMs: number,
  work: (signal: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const end = new AbortController();
  let running = Promise.resolve();
  const again = (): void => {
    running = running.then(() => work(end.signal));
  };
  again();
  const timer = setInterval(again, everyMs);
  return async () => {
    clearInterval(timer);
    end.abort();
    await running;
  };
}
