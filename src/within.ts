/** Gives work a signal that also ends it after a time. */

/**
 * Aborts what `work` does when `signal` is aborted, or after `timeoutMs`. Not `AbortSignal.timeout` within
 * `AbortSignal.any`: Node 20 may collect that timeout as garbage before it has fired.
 */
export async function within<Result>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController();
  const reason = new DOMException(`no answer in ${timeoutMs} ms`, 'TimeoutError');
  const timer = setTimeout(() => late.abort(reason), timeoutMs);
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}
