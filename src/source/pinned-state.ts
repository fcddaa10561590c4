/** Holds what a source lists now against what was pinned: a version must be of one state of the source. */
import { ImportError } from '../errors/index.js';
import type { PinnedSource } from './types.js';

/** @throws SOURCE_CHANGED when the source is at another version by now: the import pins anew */
export function requireUnchanged({ reference, version }: PinnedSource, now: string): void {
  if (version === now) return;
  throw new ImportError('SOURCE_CHANGED', {
    place: reference,
    expected: `version ${version}`,
    found: now,
  });
}
