/** What every source can do: say which version there is, list its files, and open one of them. */
import type { z } from 'zod';
import type { HttpClient } from './http/client.js';
import type { SourceOptions } from './options.js';
import type { ReceivedBody } from './received-body.js';
import type {
  FileState,
  Identity,
  PinnedSource,
  SourceDocumentation,
  SourceKind,
} from './types.js';

export interface Call {
  readonly signal: AbortSignal;
}

/** Patterns of the files that a dataset wants; everything when absent. */
export interface FilePatterns {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** What a source is told of a dataset: its own keys, and which files are wanted. */
export interface SourceRequest<Keys extends object = object> {
  /** Name of the dataset, for messages. */
  readonly dataset: string;
  readonly keys: Keys;
  readonly files?: FilePatterns | undefined;
}

/** One transfer: a file of the dataset, or the archive of all of them. */
export interface SourceFile {
  /** Path within the dataset, `/` between segments; unique. */
  readonly path: string;
  /** True for the one archive that holds the whole dataset. */
  readonly archive?: boolean;
  /** Size to expect, when the source says so beforehand. Of the file itself: it may arrive compressed. */
  readonly bytes?: number;
  /** What the bytes must be, when the source says so beforehand. Hex. */
  readonly sha256?: string;
  /** SHA-1 as git names the content: of `blob <bytes>\0` and the bytes. Hex. */
  readonly gitSha1?: string;
  /** What the source said of it when its version was pinned: `open` gives nothing else. */
  readonly state?: FileState;
  /** What this source needs to open it: a URL, an object key, a path on disk. */
  readonly locator?: string;
}

/** Where a transfer goes on, and by what the source knows that it is still the same file. */
export interface ResumePoint {
  readonly offset: number;
  /** First byte that is not wanted any more; the end of the file when absent. A source may send more. */
  readonly endOffset?: number;
  readonly validator: string;
  /** What else was said of the whole file with its first bytes. */
  readonly totalBytes?: number;
  readonly md5?: string;
  readonly encoding?: string;
}

export interface OpenedFile {
  /** Position of the body's first byte: the resume point, or 0 when the source starts again. */
  readonly offset: number;
  /** Size of the whole file, when announced. */
  readonly totalBytes?: number;
  /** Content-Encoding of the bytes as they are sent and kept. */
  readonly encoding?: string;
  /** Strong ETag, or a date that is as good: without one, a transfer cannot be resumed. */
  readonly validator?: string;
  /** MD5 of the whole file. Hex. */
  readonly md5?: string;
  /** Media type without parameters, lower case. */
  readonly contentType?: string;
  readonly body: ReceivedBody;
}

export interface AuthCheck extends Identity {
  /** Findings that a person may want to read, such as a credentials file that others can read. */
  readonly warnings: string[];
}

export interface OpenRequest extends Call {
  readonly resume?: ResumePoint | undefined;
}

/**
 * A kind of source. Every method throws an `ImportError` of the source table; RATE_LIMITED and server
 * errors are thrown at once, never waited for.
 */
export interface Source<Keys extends object = object> {
  /** One request; absent when the source needs no credentials. */
  checkAuth?(call: Call): Promise<AuthCheck>;
  pin(request: SourceRequest<Keys>, call: Call): Promise<PinnedSource>;
  /** What has to be transferred. Throws SOURCE_CHANGED when that is not what was pinned. */
  listFiles(
    request: SourceRequest<Keys>,
    pin: PinnedSource,
    call: Call,
  ): Promise<readonly SourceFile[]>;
  /** Throws SOURCE_CHANGED when the file is not in the state that was pinned. */
  open(pin: PinnedSource, file: SourceFile, request: OpenRequest): Promise<OpenedFile>;
  /**
   * Asked behind the last byte of all files: throws SOURCE_CHANGED when one of them may have changed while
   * it was sent. Absent where `open` gives one state from the first byte to the last.
   */
  confirm?(
    request: SourceRequest<Keys>,
    pin: PinnedSource,
    files: readonly SourceFile[],
    call: Call,
  ): Promise<void>;
  /** What there is to read of the files, for people. One request; absent where a source has none. */
  document?(pin: PinnedSource, call: Call): Promise<SourceDocumentation>;
}

/** What a source may be made of. */
export interface SourceWorld {
  readonly http: HttpClient;
  /** Refuses private and link-local addresses, unless the configuration allows them. */
  readonly guardedHttp: HttpClient;
  readonly options: SourceOptions;
}

/** A kind of source that `source:` in an entry can name. */
export interface NamedSource {
  readonly kind: SourceKind;
  /** What stands below `source:`; the first key has the name of the kind. */
  readonly keys: z.ZodObject;
  /** Connects lazily. */
  create(world: SourceWorld): Source;
}
