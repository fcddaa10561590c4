/** What the sources need to know of the world; read from the environment and the configuration by the caller. */
import type { HttpTimeouts, NetworkOptions } from '../network/dispatcher.js';

export interface KaggleOptions {
  /** `https://api.kaggle.com`, or `http://host:port/api`. */
  readonly apiBase: string;
  /** Of this process; no limit when absent. */
  readonly callsPerSecond?: number | undefined;
  /** Instead of `callsPerSecond`, where several processes share one budget: resolves when a call may go out. */
  readonly pace?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** A token, or the path of a file that holds one. */
  readonly apiToken?: string | undefined;
  readonly username?: string | undefined;
  readonly key?: string | undefined;
  /** Holds `access_token` and `kaggle.json`; usually `~/.kaggle`. */
  readonly configDirectory: string;
}

export interface S3Options {
  /** `host:port`, or with a scheme, which wins over `useSsl`. */
  readonly endpoint?: string | undefined;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly region?: string | undefined;
  readonly useSsl?: boolean | undefined;
}

/** One request on the wire: each redirect and each repetition is one. */
export interface SentRequest {
  /** With its port, unless it is the usual one. */
  readonly host: string;
  /** `failed` when no answer came. */
  readonly outcome: '2xx' | '3xx' | '4xx' | '429' | '5xx' | 'failed';
}

export interface HttpOptions extends NetworkOptions {
  readonly userAgent: string;
  /** Told of every request; must not throw. The clients of S3 and Azure list by themselves, unseen. */
  readonly onRequest?: ((sent: SentRequest) => void) | undefined;
  readonly timeouts?: Partial<HttpTimeouts> | undefined;
}

export interface SourceOptions extends HttpOptions {
  readonly kaggle: KaggleOptions;
  readonly github: { readonly apiBase: string; readonly token?: string | undefined };
  readonly s3: S3Options;
  readonly azure: { readonly connectionString?: string | undefined };
  /** Lets `url:` sources reach private, loopback and link-local addresses. */
  readonly allowPrivateAddresses: boolean;
}
