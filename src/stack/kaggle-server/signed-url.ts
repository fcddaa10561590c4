/** Signed storage URLs in the form of Google Cloud Storage V4, with a secret of this process. */
import { createHmac, randomBytes } from 'node:crypto';

export type SignatureState = 'valid' | 'expired' | 'wrong';

export class UrlSigner {
  readonly #secret = randomBytes(32);
  readonly #lifetimeMs: number;

  constructor(lifetimeMs: number) {
    this.#lifetimeMs = lifetimeMs;
  }

  /** @param base - `http://host:port` of the storage host; @param path - starts with `/`, not encoded */
  sign(base: string, path: string): string {
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base);
    const expiresAt = Date.now() + this.#lifetimeMs;
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    url.search = new URLSearchParams({
      'X-Goog-Algorithm': 'GOOG4-RSA-SHA256',
      'X-Goog-Credential': `sample@sample.iam.gserviceaccount.com/${date.slice(0, 8)}/auto/storage/goog4_request`,
      'X-Goog-Date': date,
      'X-Goog-Expires': String(Math.ceil(this.#lifetimeMs / 1000)),
      'X-Goog-SignedHeaders': 'host',
      // Google's expiry has whole seconds; tests want shorter lives.
      'expires-at-ms': String(expiresAt),
      'X-Goog-Signature': this.#signature(url.pathname, String(expiresAt)),
    }).toString();
    return url.href;
  }

  check(url: URL): SignatureState {
    const expiresAt = url.searchParams.get('expires-at-ms') ?? '';
    if (url.searchParams.get('X-Goog-Signature') !== this.#signature(url.pathname, expiresAt)) {
      return 'wrong';
    }
    return Number(expiresAt) > Date.now() ? 'valid' : 'expired';
  }

  #signature(pathname: string, expiresAt: string): string {
    return createHmac('sha256', this.#secret).update(`${pathname}\n${expiresAt}`).digest('hex');
  }
}
