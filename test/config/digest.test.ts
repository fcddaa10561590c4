/** Digests decide what is done again: they change with what matters and with nothing else. */
import { expect, test } from 'vitest';
import { configFileSchema } from '../../src/config/datasets.js';
import {
  configDigest,
  contentDigest8,
  publicationPrefix,
  tableDigest,
} from '../../src/config/digest.js';

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

test('other names for engines change the publication but carry tables over', () => {
  const after = digests({}, { iceberg: { namespace: 'kaggle' } });
  expect(after.whole).not.toBe(digests({}).whole);
  expect(after.table).toBe(digests({}).table);
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

test('settings that do not shape the data change nothing, nor do the limits of drift', () => {
  expect(digests({}, { cache_duration_days: 1, max_parallel: 2 })).toEqual(digests({}));
  expect(digests({ drift: { on: 'hold', rows_percent: 1 } })).toEqual(digests({}));
});

test('every download of every run has a prefix of its own, safe in object keys', () => {
  const prefix = (run: { runId: string; activityId: string }, version = '3') =>
    publicationPrefix('team-b/', 'iris', version, contentDigest8('aa', 'cc'), run);
  const one = prefix({ runId: 'r', activityId: '4' });
  expect(one).toMatch(/^team-b\/datasets\/iris\/v3-[0-9a-f]{8}-[0-9a-f]{8}$/);
  expect(prefix({ runId: 'r', activityId: '4' })).toBe(one);
  expect(prefix({ runId: 'r', activityId: '9' })).not.toBe(one);
  expect(prefix({ runId: 's', activityId: '4' })).not.toBe(one);
  expect(prefix({ runId: 'r', activityId: '4' }, 'main/../x')).toContain('/iris/vmain_.._x-');
});
