/** What the other steps know of a source: plain values, small enough for a workflow's history. */

import type { NamedSourceKind } from './named.js';

export type SourceKind = 'kaggle' | 'competition' | NamedSourceKind;

/** What a source says of a dataset; carried into the catalog as it is. */
export interface SourceDescription {
  readonly title?: string;
  readonly subtitle?: string;
  readonly description?: string;
  readonly licence?: string;
  readonly tags?: readonly string[];
  /** Kaggle's usability rating, 0 to 1. */
  readonly usability?: number;
  /** ISO 8601, UTC. */
  readonly lastUpdated?: string;
  /** A page for people. */
  readonly url?: string;
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
  readonly description: SourceDescription;
}

/** Who a source says we are. */
export interface Identity {
  /** `undefined` when calling anonymously. */
  readonly account?: string;
  /** How we said who we are, in words: `KAGGLE_API_TOKEN`, `kaggle.json`, `anonymous`. */
  readonly method: string;
}
