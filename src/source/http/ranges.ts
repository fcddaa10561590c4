/** Whether an answer to a request for the rest of a file is the rest of that file. RFC 9110, 14.4 and 15.3.7. */
import type { ResumePoint } from '../source.js';
import type { HttpResponse } from './client.js';
import { encodingOf, strongValidator } from './validators.js';

export interface ContentRange {
  readonly start: number;
  /** The last byte, included. */
  readonly end: number;
  readonly totalBytes?: number;
}

/** `undefined` for several ranges in one answer, which we never ask for, and for what is no range. */
export function contentRange({ header }: HttpResponse): ContentRange | undefined {
  const found = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header('content-range')?.trim() ?? '');
  if (!found) return undefined;
  const [start, end] = [Number(found[1]), Number(found[2])];
  return { start, end, ...(found[3] !== '*' && { totalBytes: Number(found[3]) }) };
}

/**
 * True when the body of a 206 may be put behind what is here (15.3.7.3): it starts where that ends, says the
 * same of the whole, and carries the very validator. A server that ignores If-Range sends the rest of whatever
 * it has by now.
 */
export function continues(response: HttpResponse, resume: ResumePoint): boolean {
  const range = contentRange(response);
  if (range?.start !== resume.offset || range.end < range.start) return false;
  const total = range.totalBytes ?? resume.totalBytes;
  // Without it nobody could tell the last byte from one before.
  if (total === undefined || range.end >= total) return false;
  if (resume.totalBytes !== undefined && total !== resume.totalBytes) return false;
  const length = Number(response.header('content-length') ?? Number.NaN);
  if (Number.isFinite(length) && length !== range.end - range.start + 1) return false;
  return strongValidator(response) === resume.validator && encodingOf(response) === resume.encoding;
}

/**
 * True when a 416 says that nothing is behind what is here. It need not repeat the validator; without it, the
 * file's own first answer must have given this size, or a checksum that decides.
 */
export function endsAt(response: HttpResponse, resume: ResumePoint): boolean {
  const total = /^bytes \*\/(\d+)$/.exec(response.header('content-range')?.trim() ?? '')?.[1];
  if (total === undefined || Number(total) !== resume.offset) return false;
  const etag = response.header('etag');
  if (etag !== undefined && etag !== resume.validator) return false;
  if (resume.md5 !== undefined || resume.totalBytes === resume.offset) return true;
  return etag !== undefined && resume.totalBytes === undefined;
}
