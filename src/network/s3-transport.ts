/** Requests of the S3 client that can be cancelled and that never wait for ever: the client offers neither. */
import http from 'node:http';
import https from 'node:https';
import type { ClientOptions } from 'minio';
import { ImportError } from '../errors/index.js';

/** Silence on the connection after which a request has failed: completing a large upload takes a while. */
const IDLE_TIMEOUT_MS = 60_000;

export interface Endpoint {
  readonly endPoint: string;
  readonly port?: number;
  readonly useSSL: boolean;
}

/** Splits `host`, `host:port` or `https://host:port`; throws ENVIRONMENT_INVALID on anything else. */
export function parseEndpoint(endpoint: string, useSsl: boolean): Endpoint {
  const hasScheme = /^https?:\/\//i.test(endpoint);
  const text = hasScheme ? endpoint : `${useSsl ? 'https' : 'http'}://${endpoint}`;
  if (!URL.canParse(text)) {
    throw new ImportError('ENVIRONMENT_INVALID', {
      place: 'MINIO_ENDPOINT',
      expected: 'host:port or https://host:port',
      found: endpoint,
    });
  }
  const url = new URL(text);
  return {
    endPoint: url.hostname.replace(/^\[|\]$/g, ''),
    useSSL: url.protocol === 'https:',
    ...(url.port !== '' && { port: Number(url.port) }),
  };
}

/** What a response said of itself beside what the client hands on. */
export type ObserveResponse = (response: http.IncomingMessage) => void;

/** A transport for `minio` whose requests end with the signal. */
export function cancellableTransport(
  useSsl: boolean,
  signal: AbortSignal | undefined,
  observe?: ObserveResponse,
): NonNullable<ClientOptions['transport']> {
  const request = (
    options: https.RequestOptions,
    onResponse?: (response: http.IncomingMessage) => void,
  ): http.ClientRequest => {
    const sent = (useSsl ? https : http).request(
      { ...options, timeout: IDLE_TIMEOUT_MS, ...(signal && { signal }) },
      (response) => {
        observe?.(response);
        onResponse?.(response);
      },
    );
    sent.on('timeout', () => {
      const silence = new Error(`no answer for ${IDLE_TIMEOUT_MS / 1000} s`);
      sent.destroy(Object.assign(silence, { code: 'ETIMEDOUT' }));
    });
    return sent;
  };
  return { request } as NonNullable<ClientOptions['transport']>;
}
