/** How many imports a batch has side by side: `max_parallel` for each worker that takes downloads. */
import { Context } from '@temporalio/activity';
import { TASK_QUEUES } from '../contract.js';
import { pollersOf } from '../temporal/pollers.js';

/** Temporal takes 2,000 children and activities that are under way; and whoever has more workers has several batches. */
const MAX_PLACES = 256;

/**
 * Of the workers that the server knows of: one that has gone counts for some minutes more. One that is busy with
 * nothing else than conversions (`--role convert`) brings no place.
 *
 * @param ofEach - a positive whole number; more than MAX_PLACES stays as it is
 */
export async function placesFor(ofEach: number): Promise<number> {
  const { client } = Context.current();
  const queue = { name: TASK_QUEUES.download, takes: 'activities' } as const;
  const workers = new Set(await pollersOf(client, client.options.namespace, queue)).size;
  return Math.max(ofEach, Math.min(MAX_PLACES, ofEach * workers));
}
