/** Every cell of files that are large enough for several threads, in the ways that DuckDB may read them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { convert, temporaryFolder, type ConvertOptions } from '../helpers/convert.js';

/** Some 25 MB: a thread takes 8 MB of a file at a time. */
const ROWS = 120_000;
const PADDING = 'é'.repeat(70);

const textOf = (row: number): string => `${PADDING} ${row * 7919}`;
const priceOf = (row: number): number => (row * 37) / 100;
const countOf = (row: number): number | null => (row % 11 === 0 ? null : row % 100);

/** The first row that differs from what was written to the source, cells and all; -1 for none. */
function firstWrong(rows: readonly unknown[][], text = textOf): number {
  expect(rows.length).toBe(ROWS);
  return rows.findIndex(
    ([number, words, price, count], row) =>
      number !== row || words !== text(row) || price !== priceOf(row) || count !== countOf(row),
  );
}

function csv(
  line: (row: number, count: string) => string,
  header = 'n,text,price,count\n',
): string {
  const lines = Array.from({ length: ROWS }, (_x, row) => line(row, String(countOf(row) ?? 'NA')));
  return header + lines.join('');
}

const multiline = (row: number): string => (row % 1000 === 999 ? `a "b",\n${row}` : textOf(row));
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const late = (row: number): string => (row === ROWS - 2 ? `late,\r\nnews ${row}` : textOf(row));

describe('every row and cell in its place', () => {
  interface Case {
    readonly name: string;
    readonly source: () => Buffer | string;
    readonly options?: ConvertOptions;
    readonly text?: (row: number) => string;
  }
  const cases: readonly Case[] = [
    {
      name: 'as it is',
      source: () => csv((row, count) => `${row},${textOf(row)},${priceOf(row)},${count}\n`),
    },
    {
      name: 'lines that end in \\r\\n',
      source: () =>
        csv(
          (row, count) => `${row},${textOf(row)},${priceOf(row)},${count}\r\n`,
          'n,text,price,count\r\n',
        ),
    },
    {
      name: 'line ends within quotes',
      source: () =>
        csv((row, count) => `${row},${quoted(multiline(row))},${priceOf(row)},${count}\n`),
      text: multiline,
    },
    {
      name: 'one line end within quotes, near the end',
      source: () => csv((row, count) => `${row},${quoted(late(row))},${priceOf(row)},${count}\n`),
      text: late,
    },
    {
      name: 'mixed line ends and comments, rewritten for DuckDB',
      source: () =>
        csv((row, count) => {
          const cells = [row, textOf(row), priceOf(row), count].join('\t');
          return `${row % 5000 === 0 ? '# note\n' : ''}${cells}${row % 2 === 0 ? '\n' : '\r\n'}`;
        }, '# made by hand\nn\ttext\tprice\tcount\n'),
      options: { entry: { csv: { comment: '#' } } },
    },
    {
      name: 'Latin-1, transcoded, with a decimal comma',
      source: () => {
        const price = (row: number): string => String(priceOf(row)).replace('.', ',');
        const line = (row: number, count: string): string =>
          `${row};${textOf(row)};${price(row)};${count}\n`;
        return Buffer.from(csv(line, 'n;text;price;count\n'), 'latin1');
      },
      options: { entry: { csv: { decimal: ',', encoding: 'latin1' } } },
    },
    {
      name: 'NDJSON',
      source: () => {
        const record = (row: number): object => {
          return { n: row, text: textOf(row), price: priceOf(row), count: countOf(row) };
        };
        return Array.from({ length: ROWS }, (_x, row) => `${JSON.stringify(record(row))}\n`).join(
          '',
        );
      },
      options: { format: 'ndjson', originalPath: 'table.ndjson' },
    },
  ];

  test.each(cases)('$name', async ({ source, options = {}, text = textOf }) => {
    const { rows, result } = await convert(source(), options);
    expect(result).toMatchObject({ sourceRecords: ROWS, rejects: 0 });
    expect(firstWrong(rows, text)).toBe(-1);
  });

  test('records that are no rows are set aside, and only they', async () => {
    const source = csv(
      (row, count) =>
        `${row},${textOf(row)},${priceOf(row)},${count}\n${row % 10_000 === 9999 ? 'one,too,few\n' : ''}`,
    );
    const { rows, result } = await convert(source, { entry: { checks: { max_rejects: 12 } } });
    expect(result).toMatchObject({ sourceRecords: ROWS + 12, rejects: 12 });
    expect(firstWrong(rows)).toBe(-1);
  });

  test('a thousand columns of decimals and texts, within the usual memory', async () => {
    const columns = 1200;
    const rowCount = 2200;
    const cell = (row: number, column: number): string =>
      column % 3 === 0 ? `text ${(row * column) % 700}` : String(((row * column) % 997) / 8);
    const header = Array.from({ length: columns }, (_x, column) => `c${column}`).join(',');
    const lines = Array.from({ length: rowCount }, (_x, row) =>
      Array.from({ length: columns }, (_y, column) => cell(row, column)).join(','),
    );
    const source = `${header}\n${lines.join('\n')}\n`;
    const { rows } = await convert(source, { config: { memory_limit: '400MB' } });
    expect(rows.length).toBe(rowCount);
    const wrong = rows.findIndex((cells, row) =>
      cells.some((value, column) => String(value) !== cell(row, column)),
    );
    expect(wrong).toBe(-1);
  });

  test('Parquet, copied', async () => {
    const file = join(temporaryFolder(), 'source.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT n::INTEGER AS n, '${PADDING} ' || n * 7919 AS text, n * 37 / 100 AS price,
         CASE WHEN n % 11 <> 0 THEN (n % 100)::INTEGER END AS count FROM range(${ROWS}) r(n))
       TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
    );
    connection.disconnectSync();
    instance.closeSync();
    const { rows } = await convert(readFileSync(file), {
      format: 'parquet',
      originalPath: 'a.parquet',
    });
    expect(firstWrong(rows)).toBe(-1);
  });
});
