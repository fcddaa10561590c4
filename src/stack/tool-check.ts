/** Tells a program that runs here from a wrong architecture or half a file. */

const RUN_TIMEOUT_MS = 30_000;

/** Undefined when `<path> --version` works; otherwise the reason. */
export async function whyNotRunnable(
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { execa } = await import('execa');
  const result = await execa(path, ['--version'], {
    reject: false,
    timeout: RUN_TIMEOUT_MS,
    cancelSignal: signal,
  });
  signal.throwIfAborted();
  return result.failed ? (result.shortMessage ?? 'it failed').split('\n')[0] : undefined;
}
