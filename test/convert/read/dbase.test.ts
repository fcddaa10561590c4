/** dBASE tables: digits as the file has them, code pages, what is deleted, cut short or kept elsewhere. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset } from '../../helpers/read-dataset.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'dbase');

/** A table whose fields are `[name, type, length]`; each record is its mark and its cells. */
function dbase(
  fields: ReadonlyArray<readonly [string, string, number]>,
  records: ReadonlyArray<readonly [mark: string, ...cells: Buffer[]]>,
  { codePage = 0, count = records.length } = {},
): Buffer {
  const head = Buffer.alloc(32);
  head.set([0x03, 126, 11, 26]);
  head.writeUInt32LE(count, 4);
  head.writeUInt16LE(32 * (fields.length + 1) + 1, 8);
  head.writeUInt16LE(1 + fields.reduce((sum, [, , length]) => sum + length, 0), 10);
  head[29] = codePage;
  const described = fields.map(([name, type, length]) => {
    const one = Buffer.alloc(32);
    one.write(name.padEnd(11, '\0') + type, 'latin1');
    one[16] = length;
    return one;
  });
  const rows = records.map(([mark, ...cells]) =>
    Buffer.concat([
      Buffer.from(mark),
      ...cells.map((cell, at) => {
        const [, , length] = fields[at]!;
        return Buffer.concat([cell, Buffer.alloc(length - cell.length, 0x20)]);
      }),
    ]),
  );
  return Buffer.concat([head, ...described, Buffer.from([0x0d]), ...rows, Buffer.from([0x1a])]);
}

const text = (value: string, encoding: BufferEncoding = 'utf8'): Buffer =>
  Buffer.from(value, encoding);
const NAMED = [
  ['NAME', 'C', 10],
  ['AMOUNT', 'N', 22],
  ['BORN', 'D', 8],
  ['PAID', 'L', 1],
] as const;

async function read(source: Buffer, entry?: object) {
  const { tables } = await readDataset({ 'people.dbf': source }, entry);
  return tables['people']!;
}

test('numbers keep their digits, dates and truths are such, blanks are missing, what is deleted is told', async () => {
  const { columns, rows, warnings } = await read(
    dbase(NAMED, [
      [' ', text('Ann'), text('12345678901234567890.1'), text('19991231'), text('T')],
      ['*', text('Gone'), text('1'), text('20000101'), text('F')],
      [' ', text('Bob'), text(''), text('00000000'), text('?')],
      [' ', text(''), text('**********'), text(''), text('F')],
    ]),
  );
  expect(columns).toEqual([
    ['NAME', 'VARCHAR'],
    ['AMOUNT', 'DECIMAL(21,1)'],
    ['BORN', 'DATE'],
    ['PAID', 'BOOLEAN'],
  ]);
  expect(rows.map(([name, , born, paid]) => [name, born, paid])).toEqual([
    ['Ann', new Date('1999-12-31'), true],
    ['Bob', null, null],
    [null, null, false],
  ]);
  expect(warnings).toEqual(['1 record is marked as deleted, and left out']);
});

test('texts are in the code page that the header names; where it names none and they are not UTF-8, it is a guess', async () => {
  const named = dbase([['NAME', 'C', 10]], [[' ', Buffer.from([0x8f, 0xe0])]], { codePage: 0x65 });
  expect(await read(named)).toMatchObject({ rows: [['Пр']], warnings: [] });
  const bare = dbase([['NAME', 'C', 10]], [[' ', text('é', 'latin1')]]);
  const { rows, warnings } = await read(bare);
  expect(rows).toEqual([['é']]);
  expect(warnings.join()).toMatch(
    /^the encoding is a guess: windows-1252 .*csv: {encoding: windows-1252}$/,
  );
  expect(await read(bare, { csv: { encoding: 'cp850' } })).toMatchObject({
    rows: [['Ú']],
    warnings: [],
  });
  expect(await read(dbase([['NAME', 'C', 10]], [[' ', text('né')]]))).toMatchObject({
    rows: [['né']],
    warnings: [],
  });
});

test('a file that was not copied to its end is refused', async () => {
  const source = dbase(NAMED, [[' ', text('Ann'), text('1'), text(''), text('')]], { count: 2 });
  await expect(read(source)).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringMatching(
      /2 records, as the header says.*1: the file was not copied/,
    ) as string,
  });
});

test('texts beside the table are told to be missing; a date of other letters makes its column text', async () => {
  const file = (name: string): Buffer => readFileSync(join(CORPUS, 'dbfread', name));
  const { tables } = await readDataset({
    'm.dbf': file('memotest.dbf'),
    'i.dbf': file('invalid_value.dbf'),
  });
  expect(tables['m']!.warnings).toEqual([
    '1 record is marked as deleted, and left out',
    'texts that a file beside the table holds are missing: MEMO',
  ]);
  expect(tables['i']!.rows.flat()).toContain('NotAYear');
});
