/** Holds what a source says now against what was pinned: a version must be of one state of the source. */
import { ImportError } from '../errors/index.js';
import type { FileState, PinnedSource } from './types.js';

/** @throws SOURCE_CHANGED when the source is at another version by now: the import pins anew */
export function requireUnchanged({ reference, version }: PinnedSource, now: string): void {
  if (version === now) return;
  throw new ImportError('SOURCE_CHANGED', {
    place: reference,
    expected: `version ${version}`,
    found: now,
  });
}

/**
 * What was said of the file when it was pinned must be said of it now. A date counts where no tag was given;
 * a size that one side keeps to itself cannot be compared here: the bytes that arrive are counted.
 * @throws SOURCE_CHANGED
 */
export function requireState(place: string, pinned: FileState | undefined, now: FileState): void {
  if (pinned === undefined) return;
  const { tag, modified, bytes } = pinned;
  if (tag !== undefined) requireEqual(place, 'ETag', tag, now.tag);
  else if (modified !== undefined) requireEqual(place, 'Last-Modified', modified, now.modified);
  if (bytes !== undefined && now.bytes !== undefined) {
    requireEqual(place, 'size', bytes, now.bytes);
  }
}

function requireEqual<Value>(place: string, name: string, pinned: Value, now: Value): void {
  if (pinned === now) return;
  throw new ImportError('SOURCE_CHANGED', {
    place,
    expected: `${name} ${String(pinned)}`,
    found: now === undefined ? `no ${name}` : String(now),
  });
}

/** `W/"abc"` and `"abc"` name the same state: whether byte by byte is for `strongValidator` to say. */
export function tagOf(etag: string): string {
  return etag.replace(/^W\//, '').replace(/^"(.*)"$/, '$1');
}
