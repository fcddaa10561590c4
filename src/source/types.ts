/** What the other steps know of a source: plain values, small enough for a workflow's history. */

/** The last five are what `source:` of an entry can name. */
export type SourceKind = 'kaggle' | 'competition' | 'url' | 'github' | 'path' | 's3' | 'azure';

/** What a source says of a dataset; carried into the catalog as it is. */
export interface SourceDescription {
  readonly title?: string;
  readonly subtitle?: string;
  readonly description?: string;
  readonly licence?: string;
  /** Who made it there. */
  readonly creator?: string;
  /** Where the data come from, as their creator tells it. */
  readonly sources?: string;
  readonly tags?: readonly string[];
  /** Kaggle's usability rating, 0 to 1. */
  readonly usability?: number;
  /** ISO 8601, UTC. */
  readonly lastUpdated?: string;
  /** A page for people. */
  readonly url?: string;
}

/** What a source says of its files; too large for a workflow's history, it stays with the bytes. */
export interface SourceDocumentation {
  readonly sources?: string;
  /** Those that are described. */
  readonly files: readonly FileDocumentation[];
}

export interface FileDocumentation {
  /** Path within the dataset. */
  readonly path: string;
  readonly description?: string;
  /** Names of columns as the source spells them, each with its description. */
  readonly columns: ReadonlyArray<readonly [name: string, description: string]>;
}

/** By what a source tells the bytes of one file from others, without sending them. */
export interface FileState {
  /** ETag without quotes and without the mark of a weak one, or what stands for it. */
  readonly tag?: string;
  /** Last-Modified, as it came. */
  readonly modified?: string;
  /** Of what is sent. */
  readonly bytes?: number;
}

/** One version of a dataset at its source, fixed at the start of an import. */
export interface PinnedSource {
  readonly kind: SourceKind;
  /** Canonical, without version: `owner/slug`, a URL, `owner/repo`, an absolute path, `s3://bucket/prefix`. */
  readonly reference: string;
  /** The source's own version: a Kaggle version number, an ETag digest, a commit. Never empty. */
  readonly version: string;
  /** What the source says the whole dataset weighs, uncompressed, when it says so. */
  readonly totalBytes?: number;
  /** Of each address, where no list of files could be held against the version again. */
  readonly states?: readonly FileState[];
  readonly description: SourceDescription;
}

/** Who a source says we are. */
export interface Identity {
  /** `undefined` when calling anonymously. */
  readonly account?: string;
  /** How we said who we are, in words: `KAGGLE_API_TOKEN`, `kaggle.json`, `anonymous`. */
  readonly method: string;
}
