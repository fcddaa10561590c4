/** Who a call comes from: bearer token, legacy API key, or nobody. */
import { timingSafeEqual } from 'node:crypto';
import type { Account } from './types.js';

/** Fixed and public: it opens nothing but this server. */
export const SAMPLE_ACCOUNT: Account = {
  username: 'sample-user',
  key: '0123456789abcdef0123456789abcdef',
  token: 'KGAT_0123456789abcdef0123456789abcdef',
};

export type Caller = 'account' | 'anonymous' | 'refused';

/** Reads the Authorization header; wrong credentials are refused even where none are needed. */
export function identify(header: string | undefined, account: Account): Caller {
  if (header === undefined || header === '') return 'anonymous';
  const [scheme = '', value = ''] = header.split(' ', 2);
  const expected =
    scheme.toLowerCase() === 'bearer'
      ? account.token
      : scheme.toLowerCase() === 'basic'
        ? Buffer.from(`${account.username}:${account.key}`).toString('base64')
        : undefined;
  return expected !== undefined && equal(value, expected) ? 'account' : 'refused';
}

/** Keeps the scheme, so that a log shows how a caller authenticated but never with what. */
export function redact(header: string): string {
  return `${header.split(' ', 1)[0] ?? ''} [redacted]`;
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
