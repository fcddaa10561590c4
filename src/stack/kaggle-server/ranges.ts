/** Range and If-Range, as RFC 9110 has them and the storage host serves them: one range, or the whole. */
import type { IncomingHttpHeaders } from 'node:http';
import type { StoredObject } from './objects.js';

export interface ByteRange {
  readonly start: number;
  /** The last byte, included. */
  readonly end: number;
}

/** `whole`: answer 200. `unsatisfiable`: answer 416. */
export type RangeDecision = ByteRange | 'whole' | 'unsatisfiable';

export function decideRange(headers: IncomingHttpHeaders, object: StoredObject): RangeDecision {
  const found = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  const ifRange = headers['if-range'];
  if (!found || (ifRange !== undefined && !isSame(String(ifRange), object))) return 'whole';
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return 'whole';
  const final = object.sizeBytes - 1;
  const range =
    first === ''
      ? { start: Math.max(object.sizeBytes - Number(last), 0), end: final }
      : { start: Number(first), end: last === '' ? final : Math.min(Number(last), final) };
  return range.start > range.end ? 'unsatisfiable' : range;
}

export function httpDate(atMs: number): string {
  return new Date(atMs).toUTCString();
}

function isSame(validator: string, { etag, modifiedMs }: StoredObject): boolean {
  return validator === etag || validator === httpDate(modifiedMs);
}
