/** A text that is converted while it arrives: the same rows and the same description as of the complete file. */
import { appendFileSync, existsSync, linkSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DuckDBConnection } from '@duckdb/node-api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { wholeMark } from '../../src/cache/whole-mark.js';
import { configFileSchema } from '../../src/config/datasets.js';
import { convertArriving } from '../../src/convert/arriving/convert-arriving.js';
import { convert, temporaryFolder, type Conversion } from '../helpers/convert.js';
import { eventually } from '../helpers/eventually.js';

/** Some 11 MB: what is smaller is not begun. */
const ROWS = 75_000;
/** Numbers of the same length from the first row on. */
const FIRST = 100_000;
const PADDING = 'é'.repeat(60);
const LATE = ROWS - 300;
const PIECE = 700_001;
/** Enough to begin with. */
const PART = 9_700_000;

interface Options {
  readonly entry?: object;
  readonly originalPath?: string;
  readonly signal?: AbortSignal;
}

function requestFor(folder: string, source: Buffer, options: Options = {}) {
  const { datasets, config } = configFileSchema.parse({
    datasets: { sample: { kaggle_ref: 'o/s', ...options.entry } },
  });
  return {
    ...{ file: join(folder, 'growing'), expectedBytes: source.length, workDirectory: folder },
    originalPath: options.originalPath ?? 'table.csv',
    entry: { ...datasets['sample']!, name: 'sample' },
    settings: config,
    signal: options.signal ?? new AbortController().signal,
  };
}

/** Gives whether something is kept of what has arrived in pieces, and where. */
async function arrive(source: Buffer, options: Options = {}) {
  const folder = temporaryFolder();
  const request = requestFor(folder, source, options);
  writeFileSync(request.file, '');
  const converting = convertArriving(request);
  converting.catch(() => undefined);
  for (let at = 0; at < source.length; at += PIECE) {
    appendFileSync(request.file, source.subarray(at, at + PIECE));
    await setImmediate();
  }
  writeFileSync(wholeMark(request.file), '');
  return { isKept: await converting, folder };
}

function textOf(line: (row: number) => string, header: string): Buffer {
  return Buffer.from(header + Array.from({ length: ROWS }, (_x, row) => line(row)).join(''));
}

const HEADER = 'id,name,price,day,missing\n';
const usual = (row: number): string =>
  `${FIRST + row},${PADDING} ${row % 977},${(row % 5000) / 100},2024-0${(row % 9) + 1}-1${row % 9},${row % 7 === 0 ? 'NA' : row % 100}\n`;

/** Everything but what says when and into which bytes. */
function told({ description, result, metadata }: Conversion) {
  const { result: described, table, ...rest } = description;
  const partsOf = ({ rows }: { readonly rows: number }) => ({ rows });
  const facts = {
    ...rest,
    table,
    described: { ...described, parts: described.parts.map(partsOf) },
    result: { ...result, parts: result.parts.map(partsOf) },
    schema: metadata.schema,
    pairs: metadata.key_value_metadata,
  };
  // Sums of many numbers differ in their last digits with the order of threads.
  const rounded = (_key: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(10)) : value;
  return JSON.parse(JSON.stringify(facts, rounded)) as unknown;
}

async function expectTheSame(source: Buffer, folder: string, options: Options = {}) {
  const [own, other] = [
    await convert(source, { ...options, folder }),
    await convert(source, options),
  ];
  expect(told(own)).toEqual(told(other));
  expect(own.rows.length).toBe(other.rows.length);
  const isOther = (row: readonly unknown[], at: number): boolean =>
    row.some(
      (cell, column) =>
        !Object.is(cell, other.rows[at]![column]) &&
        String(cell) !== String(other.rows[at]![column]),
    );
  expect(own.rows.findIndex(isOther)).toBe(-1);
  expect(readdirSync(join(folder, 'parquet'))).toEqual(['table.parquet']);
  expect(existsSync(join(folder, 'arrived')) && readdirSync(join(folder, 'arrived'))).not.toEqual(
    expect.arrayContaining([expect.anything()]),
  );
}

const copies = (calls: ReadonlyArray<readonly unknown[]>): number =>
  calls.filter(([sql]) => String(sql).startsWith('COPY')).length;

afterEach(() => {
  vi.restoreAllMocks();
});

test('the complete file is not written again', async () => {
  const source = textOf(usual, HEADER);
  const { isKept, folder } = await arrive(source);
  expect(isKept).toBe(true);
  const { calls } = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll').mock;
  const { result } = await convert(source, { folder });
  expect(result.rows).toBe(ROWS);
  expect(copies(calls)).toBe(0);
});

describe('the same rows and the same description', () => {
  const quoted = (row: number): string =>
    `${FIRST + row};"${PADDING} ""name"", ${row % 13}";${row}.5;"line${row % 50 === 0 ? '\n' : ' '}two"\n`;
  test.each<[string, Buffer, Options]>([
    ['plain', textOf(usual, HEADER), {}],
    ['a mark at the start', Buffer.concat([Buffer.from('\uFEFF'), textOf(usual, HEADER)]), {}],
    [
      'line ends of Windows',
      textOf((row) => usual(row).replace('\n', '\r\n'), 'a,b,c,d,e\r\n'),
      {},
    ],
    ['quotes, semicolons, cells of two lines', textOf(quoted, 'n;name;price;note\n'), {}],
    [
      'tabs and accents',
      textOf(
        (row) => `${FIRST + row}\t${PADDING} ${row}\t${row % 3 === 0 ? '' : 'ü'}\n`,
        'a\tb\tc\n',
      ),
      { originalPath: 'table.tsv' },
    ],
    [
      'no header',
      textOf((row) => `${FIRST + row},${row % 11},${(row * 3) % 1000}.25,${PADDING}\n`, ''),
      {},
    ],
    ['no last line end', textOf(usual, HEADER).subarray(0, -1), {}],
    [
      'pinned',
      textOf(usual, HEADER),
      { entry: { columns: { id: 'VARCHAR' }, csv: { null_tokens: ['NA'] } } },
    ],
  ])('%s', async (_name, source, options) => {
    const { isKept, folder } = await arrive(source, options);
    expect(isKept).toBe(true);
    await expectTheSame(source, folder, options);
  });
});

describe('what only the end shows ends it, and the file is converted as ever', () => {
  const lateLine = (line: string): Buffer =>
    textOf((row) => (row === LATE ? line : usual(row)), HEADER);
  const broken = (): Buffer => {
    const source = textOf(usual, HEADER);
    source[source.length - 20_000] = 0xff;
    return source;
  };
  const entry = { checks: { max_rejects: 1 } };
  test.each<[string, () => Buffer]>([
    ['a text among numbers', () => lateLine(`x,name,1.5,2024-01-11,5\n`)],
    ['a wider number', () => lateLine(`70000000000,name,1.5,2024-01-11,5\n`)],
    ['a record of two fields', () => lateLine(`1,name\n`)],
    ['a byte that is not UTF-8', broken],
    ['a cell of two lines', () => lateLine(`1,"na\nme",1.5,2024-01-11,5\n`)],
    ['a quote that is never closed', () => lateLine(`1,"name,1.5,2024-01-11,5\n`)],
    ['a note below', () => Buffer.concat([textOf(usual, HEADER), Buffer.from('\nSource: us\n')])],
    ['an end mark of DOS', () => Buffer.concat([textOf(usual, HEADER), Buffer.from('\x1a')])],
    [
      'a sum in the last row',
      () => Buffer.concat([textOf(usual, HEADER), Buffer.from('1,Total,,,\n')]),
    ],
  ])('%s', async (_name, made) => {
    const source = made();
    const { folder } = await arrive(source, { entry }).catch(() => ({ folder: temporaryFolder() }));
    await expectTheSame(source, folder, { entry });
  });
});

test('what was made of other bytes, or asked for in another way, is not taken', async () => {
  const source = textOf(usual, HEADER);
  const { isKept, folder } = await arrive(source);
  expect(isKept).toBe(true);
  const other = textOf((row) => (row === 5 ? usual(6) : usual(row)), HEADER);
  await expectTheSame(other, folder);
  const again = await arrive(source);
  await expectTheSame(source, again.folder, { entry: { columns: { name: 'VARCHAR' } } });
});

/** Its rows are being written, and nothing more comes. */
async function halfArrived(options: Options = {}) {
  const folder = temporaryFolder();
  const source = textOf(usual, HEADER);
  const request = requestFor(folder, source, options);
  writeFileSync(request.file, source.subarray(0, PART));
  const { calls } = vi.spyOn(DuckDBConnection.prototype, 'runAndReadAll').mock;
  const converting = convertArriving(request);
  converting.catch(() => undefined);
  await eventually('the COPY to begin', () => copies(calls) === 1);
  return { folder, source, request, converting };
}

test('a file that the import takes over before all of it is read', async () => {
  const { folder, source, request, converting } = await halfArrived();
  appendFileSync(request.file, source.subarray(PART));
  linkSync(request.file, join(folder, 'unpacked'));
  rmSync(request.file);
  expect(await converting).toBe(true);
});

test('a file that is removed before it is whole leaves nothing', async () => {
  const { folder, request, converting } = await halfArrived();
  rmSync(request.file);
  await expect(converting).rejects.toThrow();
  expect(readdirSync(join(folder, 'arrived'))).toEqual([]);
});

test('an abort ends it, also while nothing arrives', async () => {
  const stop = new AbortController();
  const { folder, converting } = await halfArrived({ signal: stop.signal });
  stop.abort(new Error('stopped'));
  await expect(converting).rejects.toThrow('stopped');
  expect(readdirSync(join(folder, 'arrived'))).toEqual([]);
});
