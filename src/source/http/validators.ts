/** What a response says of the bytes it sends: validators, sizes, checksums. RFC 9110, section 8. */
import { tagOf } from '../pinned-state.js';
import type { FileState } from '../types.js';
import type { HttpResponse } from './client.js';

/** A date tells states apart that lie at least so far from it (RFC 9110, 8.8.2.2). */
const CLOCK_STEP_MS = 1000;

/** By what a server recognises the file at the next request or in the answer to another. */
export function stateOf({ header }: HttpResponse): FileState {
  const [etag, modified] = [header('etag'), header('last-modified')];
  const bytes = Number(header('content-length') ?? Number.NaN);
  return {
    ...(etag !== undefined && { tag: tagOf(etag) }),
    ...(modified !== undefined && { modified }),
    ...(Number.isSafeInteger(bytes) && { bytes }),
  };
}

/**
 * What makes two answers parts of the same bytes: a strong ETag; without any ETag, a date that is older than
 * the answer (RFC 9110, 13.1.5). `undefined`: a transfer cannot be resumed.
 */
export function strongValidator({ header }: HttpResponse): string | undefined {
  const etag = header('etag');
  if (etag !== undefined) return etag.startsWith('W/') ? undefined : etag;
  const modified = header('last-modified');
  const ageMs = Date.parse(header('date') ?? '') - Date.parse(modified ?? '');
  return ageMs >= CLOCK_STEP_MS ? modified : undefined;
}

/** `undefined` for bytes as they are, which is what we ask for. */
export function encodingOf({ header }: HttpResponse): string | undefined {
  const encoding = header('content-encoding')?.trim().toLowerCase();
  return encoding === '' || encoding === 'identity' ? undefined : encoding;
}

/**
 * MD5 of the whole file. `x-goog-hash: crc32c=...,md5=...` is of the stored object, which Google may unpack on
 * its way out; `content-md5` is of what is sent. Hex.
 */
export function announcedMd5(response: HttpResponse, whole: boolean): string | undefined {
  const { header } = response;
  const stored = header('x-goog-stored-content-encoding') ?? 'identity';
  const asStored = stored === (encodingOf(response) ?? 'identity');
  const google = /(?:^|[,\s])md5=([A-Za-z0-9+/]{22}==)/.exec(header('x-goog-hash') ?? '')?.[1];
  const found = (asStored ? google : undefined) ?? (whole ? header('content-md5') : undefined);
  return found === undefined ? undefined : Buffer.from(found, 'base64').toString('hex');
}
