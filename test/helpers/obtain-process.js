// A process of its own that brings one dataset into a cache: to be killed, or to race with another one.
import { existsSync } from 'node:fs';

const dist = new URL('../../dist/', import.meta.url);
if (!existsSync(new URL('cache/index.js', dist))) {
  throw new Error('dist/ is missing: run `npm run build` first.');
}
const { createCache } = await import(new URL('cache/index.js', dist));
const { wantsAhead } = await import(new URL('convert/index.js', dist));
const { createSources } = await import(new URL('source/index.js', dist));

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
