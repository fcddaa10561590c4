/** Small tables go through one DuckDB: side by side, after a failure, and with another limit of memory. */
import { expect, test } from 'vitest';
import { withEngine, type EngineOptions } from '../../src/convert/engine.js';

const engine: EngineOptions = {
  ...{ memoryLimitBytes: 5e8, temporaryDirectory: '/nowhere', place: 'small.csv', isShared: true },
  signal: new AbortController().signal,
};
const MARK = 'CREATE TEMP TABLE mark AS SELECT 1 AS one';

const count = (options: EngineOptions): Promise<number> =>
  withEngine(options, async (connection) => {
    await connection.run(MARK);
    const reader = await connection.runAndReadAll('SELECT count(*)::INTEGER FROM mark');
    return reader.getRows()[0]![0] as number;
  });

test('each has its own tables, also side by side', async () => {
  expect(await count(engine)).toBe(1);
  expect(await Promise.all([count(engine), count(engine), count(engine)])).toEqual([1, 1, 1]);
});

test('one that fails ends no other, and the next one begins anew', async () => {
  let fail = (): void => undefined;
  const failed = new Promise<void>((resolve) => (fail = resolve));
  const other = withEngine(engine, async (connection) => {
    await connection.run(MARK);
    await failed;
    return (await connection.runAndReadAll('SELECT one FROM mark')).getRows();
  });
  const broken = withEngine(engine, (connection) => connection.run('SELECT nothing FROM nowhere'));
  await expect(broken).rejects.toMatchObject({ code: 'CONVERSION_FAILED' });
  fail();
  expect(await other).toEqual([[1]]);
  expect(await count(engine)).toBe(1);
});

test('the limit of memory is that of the table, and its rows keep their order on one thread', async () => {
  const setting = (memoryLimitBytes: number): Promise<unknown> =>
    withEngine({ ...engine, memoryLimitBytes }, async (connection) => {
      const asked = `SELECT current_setting('memory_limit'), current_setting('threads')::INTEGER`;
      return (await connection.runAndReadAll(asked)).getRows()[0];
    });
  expect(await setting(3e8)).toEqual(['286.1 MiB', 1]);
  expect(await setting(6e8)).toEqual(['572.2 MiB', 1]);
});
