/** A message to all receivers of a notifier, and why it did not arrive. */
import type { Alert, Notifier } from '../../src/notify/index.js';
import { signal as never } from './kaggle-for-test.js';

/** Empty when all of them have taken it; or when nobody is to be told. */
export async function problemsOf(
  notifier: Notifier,
  alert: Alert | undefined,
  signal: AbortSignal = never,
): Promise<string> {
  if (!alert) return '';
  const found = await Promise.all(
    notifier.receivers.map(async (receiver) => {
      const trouble = await notifier.send(receiver, alert, signal);
      return trouble ? [`${receiver}: ${trouble.reason}`] : [];
    }),
  );
  return found.flat().join('; ');
}
