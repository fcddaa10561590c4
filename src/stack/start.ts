/** Brings the embedded stack up: takes over what runs, starts what does not, all side by side. */
import { stopOrphans } from './orphans.js';
import { withStackLock } from './lock.js';
import { endService, ensureService } from './services.js';
import type { StartContext } from './services.js';
import { readRecord, toState } from './state-file.js';
import type { StackOptions, StackState } from './types.js';

/**
 * The servers run on after the command has ended; `stopStack` ends them. The answer holds
 * the services asked for. Thrown: TOOL_NOT_FOUND, STACK_SERVICE_FAILED (with the end of the
 * service's log), STACK_UNUSABLE; what this call had started is stopped by then.
 */
export function startStack(options: StackOptions): Promise<StackState> {
  return withStackLock(options.directory, options, () => startHoldingLock(options));
}

async function startHoldingLock(options: StackOptions): Promise<StackState> {
  const { directory, services, onProgress } = options;
  // The first failure ends the waiting for the others.
  const failed = new AbortController();
  const context: StartContext = {
    options,
    signal: AbortSignal.any([options.signal, failed.signal]),
    record: readRecord(directory) ?? { services: {} },
    reservedPorts: new Set(),
    started: new Set(),
  };
  await stopOrphans(directory, context.record, onProgress);
  let firstFailure: unknown;
  const fail = (error: unknown): void => {
    firstFailure ??= error;
    failed.abort();
  };
  await Promise.all(services.map((name) => ensureService(name, context).catch(fail)));
  try {
    if (firstFailure !== undefined) throw firstFailure as Error;
    const state = toState(directory, context.record);
    return { ...state, services: pick(state.services, services) };
  } catch (error) {
    await stopStarted(context);
    throw error;
  }
}

async function stopStarted({ started, record, options }: StartContext): Promise<void> {
  await Promise.all([...started].map((name) => endService(name, record, options.directory)));
}

function pick<T extends object, K extends keyof T>(value: T, keys: readonly K[]): Pick<T, K> {
  const entries = Object.entries(value).filter(([key]) =>
    (keys as readonly string[]).includes(key),
  );
  return Object.fromEntries(entries) as Pick<T, K>;
}
