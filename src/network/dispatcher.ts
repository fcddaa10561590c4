/** Connections to the outside: the proxies of the environment, certificate authorities of one's own, time limits. */
import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { Agent, EnvHttpProxyAgent, type Dispatcher } from 'undici';
import { ImportError } from '../errors/index.js';

export interface NetworkOptions {
  /** Values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly proxies: {
    readonly httpProxy?: string | undefined;
    readonly httpsProxy?: string | undefined;
    readonly noProxy?: string | undefined;
  };
  /** PEM file with certificate authorities to trust beside the built-in ones. */
  readonly caFile?: string | undefined;
}

/** After which silence a request has failed. */
export interface HttpTimeouts {
  readonly connectMs: number;
  readonly headersMs: number;
  /** Between two pieces of a body. */
  readonly bodyIdleMs: number;
}

/**
 * What every request to the outside is sent with; to be destroyed at the end.
 * Throws ENVIRONMENT_INVALID when `caFile` cannot be read.
 * @param lookup - resolves names instead of the system, for what is reached without a proxy
 */
export function createDispatcher(
  { proxies, caFile }: NetworkOptions,
  { connectMs, headersMs, bodyIdleMs }: HttpTimeouts,
  lookup?: LookupFunction,
): Dispatcher {
  const { httpProxy, httpsProxy, noProxy } = proxies;
  const trusted = authoritiesOf({ caFile });
  const ca = trusted ? { ca: trusted } : {};
  const connect = { timeout: connectMs, ...ca, ...(lookup && { lookup }) };
  const limits = { headersTimeout: headersMs, bodyTimeout: bodyIdleMs, connect };
  if (!httpProxy && !httpsProxy) return new Agent(limits);
  return new EnvHttpProxyAgent({
    ...limits,
    // Empty, not absent: absent means that undici reads the environment itself.
    httpProxy: httpProxy ?? '',
    httpsProxy: httpsProxy ?? '',
    noProxy: noProxy ?? '',
    requestTls: { timeout: connectMs, ...ca },
    proxyTls: { timeout: connectMs, ...ca },
  });
}

/** What to trust, when a file says more than is built in. Throws ENVIRONMENT_INVALID when it cannot be read. */
export function authoritiesOf({
  caFile: file,
}: Pick<NetworkOptions, 'caFile'>): string[] | undefined {
  if (file === undefined) return undefined;
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch (error) {
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: 'SSL_CERT_FILE',
      expected: 'a readable PEM file',
      found: file,
      cause: error,
    });
  }
}
