/** Says from time to time how much of a table has arrived, for transfers that take a while. */
import { humanBytes } from '../human.js';
import type { CommandContext } from './context.js';

const EVERY_MS = 2_000;

/** Gives the function to call with the bytes that have arrived since the last call. */
export function transferNote(
  what: string,
  totalBytes: number,
  { note }: Pick<CommandContext, 'note'>,
): (bytes: number) => void {
  let arrived = 0;
  let saidAt = Date.now();
  return (bytes) => {
    arrived += bytes;
    if (Date.now() - saidAt < EVERY_MS) return;
    saidAt = Date.now();
    note(`${what}: ${humanBytes(arrived)} of ${humanBytes(totalBytes)} read`);
  };
}
