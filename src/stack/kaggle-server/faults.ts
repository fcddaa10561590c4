/** Faults that tests ask the server for: which calls they hit, how often, and what they do. */

/** What a fault does; numbers are its parameters, with a default where one is optional. */
export type FaultKind =
  /** 429 in the gateway's shape, with `Retry-After` when `retryAfterSeconds` is given. */
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds?: number }
  /** An error answer of any status (default 503), in Kaggle's shape or as XML from the storage host. */
  | { readonly kind: 'status'; readonly status?: number; readonly message?: string }
  /** An error body under HTTP 200. */
  | { readonly kind: 'error-in-200'; readonly code?: number; readonly message?: string }
  /** The connection is cut after this many body bytes of each answer it hits. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** One byte of the body is changed; length and checksum stay those of the true file. */
  | { readonly kind: 'corrupt'; readonly atByte?: number }
  /** Content-Length is off by this many bytes (default 100 too many). */
  | { readonly kind: 'wrong-length'; readonly byBytes?: number }
  /** x-goog-hash is that of other bytes. */
  | { readonly kind: 'wrong-md5' }
  /** The signed URL has expired. */
  | { readonly kind: 'expired-url' }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** One byte at a time, `everyMs` (default 100) apart. */
  | { readonly kind: 'trickle'; readonly everyMs?: number }
  /** Answers 200 with the whole file to a range request. */
  | { readonly kind: 'ignore-range' }
  /** Answers 206 with a range that was not asked for: `byBytes` (default 1) later. */
  | { readonly kind: 'wrong-range'; readonly byBytes?: number }
  /** A body without length that never ends. */
  | { readonly kind: 'endless' }
  /** A web page instead of the file, under HTTP 200. */
  | { readonly kind: 'html' }
  /** The stored file itself ends early (default half way): length and checksum agree with it. */
  | { readonly kind: 'truncated'; readonly toBytes?: number }
  /** GetDatasetStatus says that the version is still being made. */
  | { readonly kind: 'not-ready'; readonly status?: string }
  /** 403: the rules of the competition are not accepted. */
  | { readonly kind: 'rules-not-accepted' }
  /** The object was replaced: range requests meet another ETag and Last-Modified, and other bytes. */
  | { readonly kind: 'changed' }
  /** The answer stops after `afterBytes` body bytes (absent: before any answer) and the connection stays open. */
  | { readonly kind: 'hang'; readonly afterBytes?: number };

export interface FaultMatch {
  /** A method name (`DownloadDataset`) or `service/Method`. */
  readonly service?: string;
  /** Only calls to the storage host. */
  readonly storage?: boolean;
  /** `owner/slug`, or a competition's slug behind `competitions/`. */
  readonly dataset?: string;
  /** Only downloads of this single file. */
  readonly file?: string;
}

export type Fault = FaultKind & {
  readonly match?: FaultMatch;
  /** How many calls it hits; default 1. */
  readonly times?: number | 'always';
};

/** What is known of a call when a fault is looked for. */
export interface CallFacts {
  readonly host: 'api' | 'storage';
  readonly service?: string | undefined;
  readonly dataset?: string | undefined;
  readonly file?: string | undefined;
  readonly hasRange?: boolean;
}

const NATURAL_SERVICE: Partial<Record<Fault['kind'], string>> = {
  'not-ready': 'GetDatasetStatus',
  'rules-not-accepted': 'competitions.',
};
/** The host that a fault hits when its match names neither `storage` nor a service. */
const USUAL_HOST: Readonly<Record<Fault['kind'], CallFacts['host']>> = {
  'too-many-requests': 'api',
  status: 'api',
  'error-in-200': 'api',
  'not-ready': 'api',
  'rules-not-accepted': 'api',
  cut: 'storage',
  corrupt: 'storage',
  'wrong-length': 'storage',
  'wrong-md5': 'storage',
  'expired-url': 'storage',
  slow: 'storage',
  trickle: 'storage',
  'ignore-range': 'storage',
  'wrong-range': 'storage',
  endless: 'storage',
  html: 'storage',
  truncated: 'storage',
  changed: 'storage',
  hang: 'storage',
};
const RANGE_ONLY = new Set<Fault['kind']>(['changed', 'ignore-range', 'wrong-range']);

export function isFaultKind(value: unknown): value is Fault['kind'] {
  return typeof value === 'string' && Object.hasOwn(USUAL_HOST, value);
}

/** The faults in force; the first that matches a call is spent on it. */
export class FaultControl {
  #active: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    const { times = 1 } = fault;
    this.#active.push({ fault, left: times === 'always' ? Infinity : times });
  }

  clear(): void {
    this.#active = [];
  }

  /** Faults not spent yet. */
  get pending(): readonly Fault[] {
    return this.#active.map(({ fault }) => fault);
  }

  /** Spends and returns the fault that this call meets. */
  take(call: CallFacts): Fault | undefined {
    const found = this.#active.find(({ fault }) => matches(fault, call));
    if (found === undefined) return undefined;
    found.left -= 1;
    this.#active = this.#active.filter(({ left }) => left > 0);
    return found.fault;
  }
}

function matches(fault: Fault, call: CallFacts): boolean {
  const { storage, dataset, file, service = NATURAL_SERVICE[fault.kind] } = fault.match ?? {};
  const onStorage = storage ?? (service === undefined && USUAL_HOST[fault.kind] === 'storage');
  return (
    onStorage === (call.host === 'storage') &&
    (onStorage || service === undefined || (call.service ?? '').includes(service)) &&
    (dataset === undefined || dataset === call.dataset) &&
    (file === undefined || file === call.file) &&
    (!RANGE_ONLY.has(fault.kind) || call.hasRange === true)
  );
}
