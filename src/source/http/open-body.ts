/** From an HTTP answer to an opened file: what a request for it, or for the rest of it, may be answered with. */
import { Readable } from 'node:stream';
import { ImportError } from '../../errors/index.js';
import { requireState } from '../pinned-state.js';
import { ReceivedBody } from '../received-body.js';
import type { OpenedFile, ResumePoint } from '../source.js';
import type { FileState } from '../types.js';
import { displayUrl, leaveBody, requireOk, type HttpClient, type HttpRequest } from './client.js';
import type { HttpResponse } from './client.js';
import { contentRange, continues, endsAt } from './ranges.js';
import { announcedMd5, encodingOf, stateOf, strongValidator } from './validators.js';

export interface HttpFile {
  readonly resume?: ResumePoint | undefined;
  /** As it was pinned. */
  readonly state?: FileState | undefined;
}

/**
 * Gets a file, from the resume point if the other side goes on with the same one; else from its start.
 * @throws SOURCE_CHANGED when it is not as it was pinned; otherwise by the status
 */
export async function openHttpFile(
  http: HttpClient,
  request: HttpRequest,
  { resume, state }: HttpFile,
): Promise<OpenedFile> {
  const range = resume && { range: rangeOf(resume), 'if-range': resume.validator };
  const response = await http.send({ ...request, headers: { ...request.headers, ...range } });
  if (resume !== undefined && response.status === 416) {
    await leaveBody(response);
    if (endsAt(response, resume)) return finished(resume);
    return openHttpFile(http, request, { state });
  }
  await requireOk(response, request.signal);
  if (resume !== undefined && response.status === 206) {
    if (continues(response, resume)) return opened(response, state, resume);
    // Bytes of another range, or of another file, are of no use: the whole file, then.
    abandon(response);
    return openHttpFile(http, request, { state });
  }
  if (response.status !== 200 && response.status !== 203) {
    abandon(response);
    throw new ImportError('SOURCE_ANSWER_INVALID', {
      place: displayUrl(response.url),
      expected: 'HTTP 200',
      found: `HTTP ${response.status}`,
    });
  }
  return opened(response, state);
}

/** The last byte of a range is part of it. */
function rangeOf({ offset, endOffset }: ResumePoint): string {
  return `bytes=${offset}-${endOffset === undefined ? '' : endOffset - 1}`;
}

function abandon({ body }: HttpResponse): void {
  body.on('error', () => undefined).destroy();
}

function opened(
  response: HttpResponse,
  pinned: FileState | undefined,
  resume?: ResumePoint,
): OpenedFile {
  const said = stateOf(response);
  const totalBytes = resume
    ? (contentRange(response)?.totalBytes ?? resume.totalBytes)
    : said.bytes;
  const { bytes: _ofThisAnswer, ...identity } = said;
  try {
    const size = totalBytes !== undefined && { bytes: totalBytes };
    requireState(displayUrl(response.url), pinned, { ...identity, ...size });
  } catch (error) {
    abandon(response);
    throw error;
  }
  const validator = strongValidator(response);
  const md5 = announcedMd5(response, resume === undefined) ?? resume?.md5;
  const encoding = encodingOf(response);
  const contentType = response.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  return {
    offset: resume?.offset ?? 0,
    body: new ReceivedBody(response.body),
    ...(totalBytes !== undefined && { totalBytes }),
    ...(validator !== undefined && { validator }),
    ...(md5 !== undefined && { md5 }),
    ...(encoding !== undefined && { encoding }),
    ...(contentType !== undefined && { contentType }),
  };
}

/** Nothing is left to send: the partial file is the whole file, to be checked like any other. */
function finished({ offset, validator, md5, encoding }: ResumePoint): OpenedFile {
  return {
    offset,
    totalBytes: offset,
    validator,
    body: new ReceivedBody(Readable.from([])),
    ...(md5 !== undefined && { md5 }),
    ...(encoding !== undefined && { encoding }),
  };
}
