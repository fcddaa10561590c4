/** Calls of the Kaggle API: `POST {base}/v1/{service}/{Method}`, as the official clients (kagglesdk 0.1.37) make them. */
import { ImportError, type ErrorCode } from '../../errors/index.js';
import {
  displayUrl,
  leaveBody,
  readText,
  redirectTarget,
  type HttpClient,
  type HttpResponse,
} from '../http/client.js';
import { statusFailure } from '../http/failures.js';
import { openHttpFile } from '../http/open-body.js';
import type { KaggleOptions } from '../options.js';
import type { Call, OpenedFile, OpenRequest } from '../source.js';
import { findCredentials, placesLookedIn, type Credentials } from './credentials.js';
import { createPace } from './pace.js';

export const DATASETS = 'datasets.DatasetApiService';
export const COMPETITIONS = 'competitions.CompetitionApiService';
const RULES = /\b(accept|agree)\b.*\brules?\b|\brules?\b.*\baccept/i;
/** Signed URLs of downloads in progress; the oldest is forgotten. */
const MAX_SIGNED_URLS = 1000;
/** Google's storage answers 400 to an expired URL (`ExpiredToken`), S3's 403. */
const EXPIRED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['SOURCE_FORBIDDEN', 'SOURCE_REFUSED']);

export interface DownloadCall {
  /** `service/Method`. */
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What it is about, for messages. */
  readonly place: string;
  /** Where a person accepts the rules. */
  readonly page: string;
}

export type KaggleApi = ReturnType<typeof createKaggleApi>;

export function createKaggleApi(http: HttpClient, options: KaggleOptions) {
  const base = options.apiBase.replace(/\/+$/, '');
  const signedUrls = new Map<string, string>();
  const pace = options.pace ?? createPace(options.callsPerSecond);

  async function send(method: string, body: object, { signal }: Call): Promise<HttpResponse> {
    const credentials = await findCredentials(options);
    await pace(signal);
    return http.send({
      url: `${base}/v1/${method}`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(credentials && { authorization: credentials.authorization }),
      },
      body: JSON.stringify(body),
      redirect: 'return',
      signal,
    });
  }

  /** @throws by status and by the body's own code: Kaggle also sends errors under HTTP 200 */
  async function call<T>(
    method: string,
    body: object,
    { signal, place, page }: Call & { place: string; page?: string },
  ): Promise<T> {
    const response = await send(method, body, { signal });
    const text = await readText(response, signal);
    const answer = parse(text);
    const failure = failureIn(response.status, answer);
    if (failure !== undefined) throw await translated(failure, response, place, page);
    if (answer !== undefined) return answer as T;
    throw new ImportError('SOURCE_ANSWER_INVALID', {
      place: displayUrl(response.url),
      expected: 'JSON',
      found: /<html|<!doctype/i.test(text) ? 'a web page' : 'something else',
    });
  }

  async function translated(
    { status, said }: Failure,
    response: HttpResponse,
    place: string,
    page?: string,
  ): Promise<ImportError> {
    const retryAfter = response.header('retry-after');
    const found = `HTTP ${status}: ${said}`;
    if (status === 401) {
      const credentials = await findCredentials(options);
      if (!credentials) return missing();
      return new ImportError('CREDENTIALS_REJECTED', { place: credentials.method, found });
    }
    if (status === 403 && RULES.test(said)) {
      return new ImportError('RULES_NOT_ACCEPTED', {
        place,
        found,
        ...(page && { nextStep: `Open ${page} with the same account and accept the rules.` }),
      });
    }
    if (status === 403) {
      return new ImportError('SOURCE_FORBIDDEN', {
        place,
        found,
        nextStep:
          'Check the spelling first: Kaggle says the same of what does not exist. Else ask its owner for access for the account that `make test-auth` shows.',
      });
    }
    return statusFailure(status, { place, said, retryAfter });
  }

  /** The error for callers that need to be somebody. */
  function missing(): ImportError {
    return new ImportError('CREDENTIALS_MISSING', {
      expected: `one of ${placesLookedIn(options)}`,
      found: 'none',
    });
  }

  /**
   * Opens a download. The signed storage URL is kept while it works, so that a resumed transfer costs no
   * call; when the storage host refuses it, it has expired, and a new one is asked for, once.
   */
  async function open(download: DownloadCall, request: OpenRequest): Promise<OpenedFile> {
    const { signal, resume } = request;
    const key = JSON.stringify([download.method, download.body]);
    // A new transfer asks anew: a competition's address may lead to what it was some versions ago.
    const known = resume && signedUrls.get(key);
    const url = known ?? (await signedUrl(download, key, request));
    try {
      return await openHttpFile(http, { url, signal }, { resume });
    } catch (error) {
      signedUrls.delete(key);
      if (!(error instanceof ImportError) || !EXPIRED.has(error.code)) throw error;
      const renewed = await signedUrl(download, key, request);
      return openHttpFile(http, { url: renewed, signal }, { resume });
    }
  }

  async function signedUrl(download: DownloadCall, key: string, { signal }: Call): Promise<string> {
    const response = await send(download.method, download.body, { signal });
    const location = response.header('location');
    if (response.status >= 300 && response.status < 400 && location !== undefined) {
      await leaveBody(response);
      const url = redirectTarget(response, location).href;
      const [oldest] = signedUrls.keys();
      if (signedUrls.size >= MAX_SIGNED_URLS && oldest !== undefined) signedUrls.delete(oldest);
      signedUrls.set(key, url);
      return url;
    }
    const failure = failureIn(response.status, parse(await readText(response, signal)));
    if (failure) throw await translated(failure, response, download.place, download.page);
    throw new ImportError('SOURCE_ANSWER_INVALID', {
      place: displayUrl(response.url),
      expected: 'a redirect to the storage host',
      found: `HTTP ${response.status}`,
    });
  }

  return {
    call,
    open,
    missing,
    credentials: (): Promise<Credentials | undefined> => findCredentials(options),
  };
}

interface Failure {
  readonly status: number;
  readonly said: string;
}

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly error?: {
    readonly code?: unknown;
    readonly message?: unknown;
    readonly status?: unknown;
  };
}

function failureIn(status: number, answer: object | undefined): Failure | undefined {
  const { code, message, error } = (answer ?? {}) as ErrorBody;
  const inBody = Number(error?.code ?? code);
  const said = [error?.message ?? message ?? error?.status].filter(
    (text) => typeof text === 'string',
  );
  if (inBody >= 400 && inBody < 600) return { status: inBody, said: said[0] ?? '' };
  return status >= 400 ? { status, said: said[0] ?? '' } : undefined;
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
