/**
 * Downloads one Kaggle reference as an import would: `node obtain.js API_BASE TOKEN REF FOLDER`. REF is `owner/slug`
 * or `competitions/slug`. Prints `{"file": ...}` of the archive, or `{"code": ...}`.
 */
import path from 'node:path';
import { createCache } from '../dist/cache/index.js';
import { datasetSchema } from '../dist/config/datasets.js';
import { WAITING_CODES } from '../dist/errors/waits.js';
import { createSources } from '../dist/source/index.js';

const [apiBase, apiToken, ref, folder] = process.argv.slice(2);
/** A workflow tries more often, and waits longer. */
const ATTEMPTS = 3;
const [owner, slug] = ref.split('/');
const reference = owner === 'competitions' ? { competition: slug } : { kaggle_ref: ref };
const entry = { name: 'conformance', ...datasetSchema.parse(reference) };
const sources = createSources({
  kaggle: { apiBase, apiToken: apiToken || undefined, configDirectory: path.join(folder, 'none') },
  github: { apiBase },
  s3: {},
  azure: {},
  allowPrivateAddresses: false,
  userAgent: 'kaggle-import/conformance',
  proxies: {},
  timeouts: { headersMs: 5000, bodyIdleMs: 5000 },
});
const cache = createCache({
  directory: path.join(folder, 'cache'),
  sources,
  durationDays: 7,
  maxBytes: 1e9,
  parallelDownloads: 4,
});
// Nothing here cancels a download.
const { signal } = new globalThis.AbortController();

console.log(JSON.stringify(await attempt(1)));
await sources.close();

async function attempt(number) {
  try {
    const pin = await sources.pin(entry, { signal });
    const { key } = await cache.obtain(entry, pin, { force: false, signal, onProgress() {} });
    const [{ absolutePath }] = await cache.files(key);
    return { file: absolutePath };
  } catch (error) {
    const again = error.retryable && !WAITING_CODES.includes(error.code) && number < ATTEMPTS;
    return again ? attempt(number + 1) : { code: error.code ?? String(error) };
  }
}
