// Brings one address into a cache, with every check, and unpacks on the way what can be a table.
import { stopwatch } from './stopwatch.js';
import { createCache } from '../../dist/cache/index.js';
import { datasetSchema } from '../../dist/config/datasets.js';
import { wantsAhead } from '../../dist/convert/unpack/ahead.js';
import { createSources } from '../../dist/source/index.js';

const [url, directory] = process.argv.slice(2);
const { signal } = new AbortController();
const sources = createSources({
  kaggle: { apiBase: 'http://127.0.0.1:9', configDirectory: '/nonexistent' },
  github: { apiBase: 'http://127.0.0.1:9' },
  s3: {},
  azure: {},
  allowPrivateAddresses: true,
  userAgent: 'kaggle-import/bench',
  proxies: {},
});
const cache = createCache({
  directory,
  sources,
  durationDays: 7,
  maxBytes: 1e12,
  parallelDownloads: 4,
});
const told = stopwatch();
const entry = { ...datasetSchema.parse({ source: { url } }), name: 'bench' };
await cache.obtain(entry, await sources.pin(entry, { signal }), {
  force: false,
  inflate: { wants: wantsAhead(undefined), maxBytes: 1e12, maxRatio: 1000 },
  signal,
  onProgress: () => undefined,
});
await sources.close();
console.log(told());
