/** Terminals of one clone share its worker: whoever wants it with other settings, or has it taken away, is told. */
import { readEnvironment } from '../config/environment.js';
import { ImportError } from '../errors/index.js';
import { readStack, stackEnvironment, type StackState } from '../stack/index.js';
import { changedSettings } from '../stack/worker-settings.js';
import { withClient } from '../temporal/connection.js';
import { runningImports } from '../temporal/runs.js';
import type { CommandContext } from './context.js';

const LOOK_EVERY_MS = 1_000;

/** The imports of another terminal would go on with the settings of this one. Throws WORKER_TAKEN. */
export async function refuseWhileBusy(
  stack: StackState | undefined,
  changed: readonly string[],
): Promise<void> {
  const used = stack?.services.temporal?.alive ? stackEnvironment(stack) : {};
  const running = await withClient(readEnvironment({}, used), runningImports);
  if (running.length === 0) return;
  throw new ImportError('WORKER_TAKEN', {
    place: running.map(({ workflowId }) => workflowId).join(', '),
    expected: 'the settings that it was started with',
    found: `other values of ${changed.join(', ')}`,
  });
}

/** Tells when another command stops the worker of this stack, or starts it again. Gives what ends the watch. */
export function watchWorker(directory: string, note: CommandContext['note']): () => void {
  let known = readStack(directory);
  const look = async (): Promise<void> => {
    const before = (await known)?.worker;
    known = readStack(directory);
    const after = (await known)?.worker;
    if (!before || before.pid === after?.pid) return;
    note(after ? startedAgain(before.settings, after.settings) : STOPPED);
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

type Settings = Readonly<Record<string, string>>;

const STOPPED =
  'Another command has stopped the worker; the import goes on when it runs again (`make up`).';

function startedAgain(before: Settings, after: Settings): string {
  const changed = changedSettings(before, after);
  if (changed.length === 0) return 'Another command has started the worker again.';
  return `Another command has started the worker again, with other settings: ${changed.join(', ')}. The import goes on with those.`;
}
