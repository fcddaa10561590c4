/** Digests decide what is done again: they change with what matters and with nothing else. */
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import { configDigest, publicationPrefix, tableDigest } from '../../src/config/digest.js';

function digests(entry: object, config: object = {}): { whole: string; table: string } {
  const file = configFileSchema.parse({ config, datasets: { a: { kaggle_ref: 'o/s', ...entry } } });
  const named = { ...file.datasets['a']!, name: 'a' };
  return { whole: configDigest(named, file.config), table: tableDigest(named, file.config) };
}

test('the order of keys does not matter', () => {
  expect(digests({ domain: 'x', description: 'y' })).toEqual(
    digests({ description: 'y', domain: 'x' }),
  );
});

test('a new description changes the publication but carries tables over', () => {
  const before = digests({ description: 'old' });
  const after = digests({ description: 'new' });
  expect(after.whole).not.toBe(before.whole);
  expect(after.table).toBe(before.table);
});

test.each([
  [{ columns: { x: 'VARCHAR' } }, {}],
  [{ columns: { x: { type: 'BIGINT', thousands: ',' } } }, {}],
  [{ columns: JSON.parse('{"__proto__": "BIGINT"}') as object }, {}],
  [{ csv: { delimiter: ';' } }, {}],
  [{}, { compression: 'zstd' }],
])('%j with %j converts the tables again', (entry, config) => {
  expect(digests(entry, config).table).not.toBe(digests({}).table);
  expect(digests(entry, config).whole).not.toBe(digests({}).whole);
});

test('settings that do not shape the data change nothing', () => {
  expect(digests({}, { cache_duration_days: 1, max_parallel: 2 })).toEqual(digests({}));
});

test('other bytes under the same version get another prefix, safe in object keys', () => {
  const one = publicationPrefix('iris', '3', 'aa', 'cc');
  expect(one).toMatch(/^datasets\/iris\/v3-[0-9a-f]{8}$/);
  expect(publicationPrefix('iris', '3', 'bb', 'cc')).not.toBe(one);
  expect(publicationPrefix('iris', 'main/../x', 'bb', 'cc')).toMatch(
    /^datasets\/iris\/vmain_.._x-/,
  );
});
