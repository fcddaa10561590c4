/** What is looked at before the cast of a wide integer changes nothing of what holds. */
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { wideInteger } from '../../../src/convert/prove/numbers.js';
import { canonical } from '../../../src/convert/prove/rule.js';

const NINES = '9'.repeat(38);
const HOLD = ['0', '7', '-7', '9223372036854775808', NINES, `-${NINES}`];
const DO_NOT = [
  ...[
    '',
    ' ',
    '-',
    '--1',
    '+1',
    '007',
    '-0',
    '1.0',
    '1.',
    '.5',
    '1e5',
    '1_000',
    '1,000',
    ' 1',
    '1 ',
  ],
  ...['1\n', '١', '１', 'name 1', 'true', 'NaN', `1${NINES}`, '2024-01-02', '0x1F', '1\u0000'],
];

test('a wide integer is what the cast prints back, and nothing else', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const plain = canonical(wideInteger.type, wideInteger.rule);
    const found = new Map<string, unknown>();
    for (const text of [...HOLD, ...DO_NOT]) {
      const reader = await connection.runAndReadAll(
        `SELECT ${wideInteger.holds('x')}, ${plain.holds('x')} FROM (SELECT $1::VARCHAR AS x)`,
        [text],
      );
      const [holds, printedBack] = reader.getRows()[0]!;
      expect(holds, JSON.stringify(text)).toBe(printedBack);
      found.set(text, holds);
    }
    expect([...found].filter(([, holds]) => holds === true).map(([text]) => text)).toEqual(HOLD);
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
});
