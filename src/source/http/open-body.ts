/** From an HTTP answer to an opened file: ranges, validators, checksums, sizes. RFC 9110, sections 8.8, 13 and 14. */
import { Readable } from 'node:stream';
import type { ResumePoint, OpenedFile } from '../source.js';
import { ReceivedBody } from '../received-body.js';
import { leaveBody, requireOk, type HttpClient, type HttpRequest } from './client.js';
import type { HttpResponse } from './client.js';

/** Gets a file, from the resume point if the other side agrees. Throws by the status otherwise. */
export async function openHttpFile(
  http: HttpClient,
  request: HttpRequest,
  resume: ResumePoint | undefined,
): Promise<OpenedFile> {
  const range = resume && { range: rangeOf(resume), 'if-range': resume.validator };
  const response = await http.send({ ...request, headers: { ...request.headers, ...range } });
  if (resume !== undefined && response.status === 416) {
    const complete = /^bytes \*\/(\d+)$/.exec(response.header('content-range') ?? '');
    await leaveBody(response);
    if (Number(complete?.[1]) === resume.offset) return finished(response, resume);
    return openHttpFile(http, request, undefined);
  }
  await requireOk(response, request.signal);
  if (resume === undefined || response.status !== 206) return opened(response, 0);
  const { start, totalBytes } = contentRange(response);
  if (start === resume.offset) return opened(response, start, totalBytes);
  // An answer with another range than the one asked for is of no use: the whole file, then.
  response.body.on('error', () => undefined).destroy();
  return openHttpFile(http, request, undefined);
}

/** The last byte of a range is part of it. */
function rangeOf({ offset, endOffset }: ResumePoint): string {
  return `bytes=${offset}-${endOffset === undefined ? '' : endOffset - 1}`;
}

function opened(response: HttpResponse, offset: number, wholeBytes?: number): OpenedFile {
  const { header, body } = response;
  const length = Number(header('content-length') ?? Number.NaN);
  const totalBytes = wholeBytes ?? (Number.isFinite(length) ? offset + length : undefined);
  const validator = strongValidator(response);
  const md5 = announcedMd5(response, offset === 0);
  const contentType = header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  return {
    offset,
    body: new ReceivedBody(body),
    ...(totalBytes !== undefined && { totalBytes }),
    ...(validator !== undefined && { validator }),
    ...(md5 !== undefined && { md5 }),
    ...(contentType !== undefined && { contentType }),
  };
}

/** Nothing is left to send: the partial file is the whole file, to be checked like any other. */
function finished(response: HttpResponse, { offset, validator }: ResumePoint): OpenedFile {
  const md5 = announcedMd5(response, false);
  return {
    offset,
    totalBytes: offset,
    validator,
    body: new ReceivedBody(Readable.from([])),
    ...(md5 && { md5 }),
  };
}

function contentRange({ header }: HttpResponse): { start: number; totalBytes?: number } {
  const found = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header('content-range') ?? '');
  const total = found?.[2];
  return {
    start: Number(found?.[1] ?? Number.NaN),
    ...(total !== undefined && total !== '*' && { totalBytes: Number(total) }),
  };
}

/** If-Range takes strong ETags only; a date will do where there is none. */
export function strongValidator({ header }: HttpResponse): string | undefined {
  const etag = header('etag');
  if (etag !== undefined && !etag.startsWith('W/')) return etag;
  return header('last-modified');
}

/** `x-goog-hash: crc32c=...,md5=...` is of the stored object; `content-md5` of what is sent. */
function announcedMd5({ header }: HttpResponse, whole: boolean): string | undefined {
  const google = /(?:^|[,\s])md5=([A-Za-z0-9+/]{22}==)/.exec(header('x-goog-hash') ?? '')?.[1];
  const found = google ?? (whole ? header('content-md5') : undefined);
  return found === undefined ? undefined : Buffer.from(found, 'base64').toString('hex');
}
