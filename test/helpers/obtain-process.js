// A process of its own that brings one dataset into a cache: to be killed, or to race with another one.
/* global AbortController */
import { createCache } from '../../dist/cache/index.js';
import { wantsAhead } from '../../dist/convert/index.js';
import { createSources } from '../../dist/source/index.js';

const { sourceOptions, directory, entry, pin } = JSON.parse(process.argv[2]);
const sources = createSources(sourceOptions);
const cache = createCache({
  directory,
  sources,
  durationDays: 7,
  maxBytes: 1e9,
  parallelDownloads: 4,
});
const cached = await cache.obtain(entry, pin, {
  force: false,
  inflate: { wants: wantsAhead(undefined), maxBytes: 1e9, maxRatio: 1000 },
  signal: new AbortController().signal,
  onProgress: ({ bytes }) => process.stderr.write(`${bytes}\n`),
});
process.stdout.write(JSON.stringify(cached));
await sources.close();
