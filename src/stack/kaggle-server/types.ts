/** What the Kaggle-compatible server is given, and what it tells of the calls it served. */
import type { FaultControl } from './faults.js';

/** Credentials that the server accepts; any other credentials are answered with 401. */
export interface Account {
  readonly username: string;
  /** Legacy API key: Basic authentication with `username`. */
  readonly key: string;
  /** API token: Bearer authentication. */
  readonly token: string;
}

/** Contents by path inside the dataset (`/` between folders). */
export type FixtureFiles = Readonly<Record<string, string | Uint8Array>>;

/** A dataset or competition made by code instead of read from a folder. */
export interface KaggleFixture {
  /** `owner/slug`; a competition is `competitions/slug`. */
  readonly ref: string;
  readonly files: FixtureFiles;
  readonly title?: string;
  readonly subtitle?: string;
  readonly description?: string;
  /** Kaggle's name of the licence, such as `CC0-1.0`; `unknown` when absent. */
  readonly licence?: string;
  readonly keywords?: readonly string[];
  /** Where the data come from (`userSpecifiedSources`). */
  readonly sources?: string;
  /** What is known of files, of those that are described. */
  readonly resources?: readonly Resource[];
  /** Answered with 403 to everybody but its owner. */
  readonly private?: boolean;
  /** Competitions only: false makes every file call answer 403 until `acceptRules`. Default true. */
  readonly rulesAccepted?: boolean;
}

export interface Resource {
  readonly path: string;
  readonly about: {
    readonly description?: string;
    readonly columns?: readonly {
      readonly name: string;
      readonly description?: string;
      readonly type?: string;
    }[];
  };
}

export interface KaggleServerOptions {
  /** Holds `<owner>/<slug>/dataset-metadata.json` with the data files beside it. */
  readonly datasetsDirectory?: string;
  readonly datasets?: readonly KaggleFixture[];
  /** Port of the API; any free one when absent. */
  readonly port?: number;
  /** Default `SAMPLE_ACCOUNT`. */
  readonly account?: Account;
  /** How long a signed storage URL works. Default 3 days, as Kaggle's. */
  readonly urlLifetimeMs?: number;
  /** Single text files of at least this size arrive zipped, as Kaggle's do. Default 64 KiB. */
  readonly zipFilesFromBytes?: number;
}

/** One served call, in the order of arrival. */
export interface RequestLog {
  readonly host: 'api' | 'storage';
  readonly method: string;
  /** Path without the signature; the full target where the call came through a proxy. */
  readonly path: string;
  /** `datasets.DatasetApiService/GetDataset`; absent on storage calls. */
  readonly service?: string;
  /** `owner/slug`. */
  readonly dataset?: string;
  readonly file?: string;
  /** Request headers; credentials are replaced by their scheme, as in `Basic [redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** 0 until the answer is decided, and when the connection was closed without one. */
  readonly status: number;
  /** Bytes of the answer's body written to the connection. */
  readonly bytes: number;
  /** The fault that shaped the answer. */
  readonly fault?: string;
}

export interface KaggleServer {
  /** Base of the API: `http://127.0.0.1:PORT/api`. */
  readonly url: string;
  readonly port: number;
  /** Base of the storage host, on another port: `http://127.0.0.1:PORT`. */
  readonly storageUrl: string;
  readonly requests: readonly RequestLog[];
  readonly faults: FaultControl;
  /** Adds a version holding exactly `files`; returns its number. */
  publishVersion(ref: string, files: FixtureFiles): Promise<number>;
  /** Switches the 403 of a competition off (or on again). */
  acceptRules(slug: string, accepted?: boolean): void;
  /** Ends open connections too; safe to call twice. */
  close(): Promise<void>;
}
