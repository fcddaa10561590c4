/** A workbook is a .zip with checksums: parts that are not what these say are refused, before anything is made of them. */
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { read, write, utils, type CellObject } from '@e965/xlsx';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { readSheet } from '../../../src/convert/read/workbook/sheet.js';
import { storedZip } from '../../../src/convert/read/workbook/stored-zip.js';
import { openWorkbook } from '../../../src/convert/read/workbook/workbook.js';
import { temporaryFolder } from '../../helpers/convert.js';

const SHEET = utils.aoa_to_sheet([
  ['town', 'people'],
  ['Ålesund', 54321],
]);

function written(
  bookType: 'xlsx' | 'ods' | 'xlsb',
  compression: boolean,
): { file: string; bytes: Buffer } {
  const book = utils.book_new();
  utils.book_append_sheet(book, SHEET, 'Towns');
  const bytes = write(book, { type: 'buffer', bookType, compression }) as Buffer;
  const file = join(temporaryFolder(), `book.${bookType}`);
  writeFileSync(file, bytes);
  return { file, bytes };
}

test.each(['xlsx', 'ods', 'xlsb'] as const)(
  'of a whole %s all cells are read, packed or not',
  async (bookType) => {
    for (const isPacked of [true, false]) {
      const { file } = written(bookType, isPacked);
      const book = await openWorkbook(file, 'book');
      const { rows } = readSheet(book.sheet('Towns')!, book.calendar);
      expect(rows.map(({ cells }) => cells)).toEqual([
        ['town', 'people'],
        ['Ålesund', '54321'],
      ]);
    }
  },
);

test('one digit that the disk has turned over is no other number', async () => {
  const { file, bytes } = written('xlsx', false);
  const at = bytes.indexOf('54321');
  bytes[at] = '9'.charCodeAt(0);
  expect(read(bytes).Sheets['Towns']!['B2']).toMatchObject({ v: 94321 });
  writeFileSync(file, bytes);
  await expect(openWorkbook(file, 'book.xlsx')).rejects.toMatchObject({
    code: 'ARCHIVE_DAMAGED',
    message: expect.stringContaining('entry "xl/worksheets/sheet1.xml": expected CRC-32') as string,
  });
});

test('more than a process can hold is refused before it is unpacked', async () => {
  const file = join(temporaryFolder(), 'book.xlsx');
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('<workbook/>'), 'xl/workbook.xml', { compress: false });
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  const bytes = readFileSync(file);
  const central = bytes.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  bytes.writeUInt32LE(0xfffffff0, central + 24);
  writeFileSync(file, bytes);
  await expect(storedZip(file, 'book.xlsx')).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining('a workbook that a process can hold') as string,
  });
});

test('of one sheet no other is unpacked; what has no cells never is', async () => {
  const book = utils.book_new();
  for (const name of ['Towns', 'A & B', 'Third']) utils.book_append_sheet(book, SHEET, name);
  const bytes = write(book, { type: 'buffer', bookType: 'xlsx', compression: false }) as Buffer;
  // The digit of another sheet: only who unpacks it can know.
  bytes[bytes.lastIndexOf('54321')] = '9'.charCodeAt(0);
  const file = join(temporaryFolder(), 'book.xlsx');
  writeFileSync(file, bytes);
  for (const only of ['Towns', 'a & b']) {
    const opened = await openWorkbook(file, 'book.xlsx', { only });
    expect(opened.sheets).toEqual(['Towns', 'A & B', 'Third']);
    const sheets = opened.sheets.map((name) => opened.sheet(name));
    const found = sheets.find((one) => one?.['!data'] !== undefined);
    expect(readSheet(found!, opened.calendar).rows[1]!.cells).toEqual(['Ålesund', '54321']);
  }
  await expect(openWorkbook(file, 'book.xlsx', { only: 'Third' })).rejects.toMatchObject({
    code: 'ARCHIVE_DAMAGED',
  });
});

test('of the first rows nothing further is unpacked', async () => {
  const rows = Array.from({ length: 20_000 }, (_x, row) => [row, `text ${row}`]);
  const book = utils.book_new();
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'Rows');
  const bytes = write(book, { type: 'buffer', bookType: 'xlsx', compression: false }) as Buffer;
  bytes[bytes.lastIndexOf('<v>19999</v>') + 3] = '9'.charCodeAt(0);
  const file = join(temporaryFolder(), 'book.xlsx');
  writeFileSync(file, bytes);
  const top = await openWorkbook(file, 'book.xlsx', { rows: 100 });
  expect(readSheet(top.sheet('Rows')!, top.calendar).rows).toHaveLength(100);
  await expect(openWorkbook(file, 'book.xlsx')).rejects.toMatchObject({ code: 'ARCHIVE_DAMAGED' });
});

test('cells of OpenDocument that have a value and no text are read', async () => {
  const cells = [
    '<table:table-cell office:value-type="float" office:value="1.5"/>',
    '<table:table-cell office:value-type="date" office:date-value="2020-01-02"></table:table-cell>',
    '<table:table-cell office:value-type="string" office:string-value="a &amp; b"/>',
    '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
    '<table:table-cell office:value-type="percentage" office:value="0.25" table:number-columns-repeated="2"/>',
    '<table:table-cell office:value-type="void"/>',
    '<table:table-cell office:value-type="string" office:string-value="said"><text:p>shown</text:p></table:table-cell>',
  ];
  const file = await openDocument(`<table:table-row>${cells.join('')}</table:table-row>`);
  const book = await openWorkbook(file, 'book.ods');
  const [row] = readSheet(book.sheet('S')!, book.calendar).rows;
  expect([...row!.cells]).toEqual([
    ...['1.5', '2020-01-02', 'a & b', 'true', '0.25', '0.25', undefined, 'said'],
  ]);
});

test.each([
  ['<table:table-row>', ' table:number-columns-repeated="1000000000"'],
  ['<table:table-row table:number-rows-repeated="1000000000">', ''],
  [
    '<table:table-row table:number-rows-repeated="1048576">',
    ' table:number-columns-repeated="16384"',
  ],
])('a bomb of %s and cells%s is refused, not made', async (row, columns) => {
  const cell = `<table:table-cell office:value-type="float" office:value="1"${columns}/>`;
  const file = await openDocument(`${row}${cell}</table:table-row>`);
  await expect(openWorkbook(file, 'book.ods')).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining('cells that repeat others') as string,
  });
});

test('a value in a column that no sheet has costs one cell', () => {
  const line: CellObject[] = [];
  line[0] = { t: 'n', v: 1 };
  line[300_000_000] = { t: 'n', v: 2 };
  const [row] = readSheet({ '!data': [line] }, '1900').rows;
  expect(row!.cells[300_000_000]).toBe('2');
});

/** @returns The file of a sheet of those rows. */
async function openDocument(rows: string): Promise<string> {
  const spaces = ['office', 'table', 'text'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  );
  const content = `<?xml version="1.0"?><office:document-content ${spaces.join(' ')}><office:body><office:spreadsheet><table:table table:name="S">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`;
  const zip = new ZipFile();
  const type = 'application/vnd.oasis.opendocument.spreadsheet';
  zip.addBuffer(Buffer.from(type), 'mimetype', { compress: false });
  zip.addBuffer(Buffer.from(content), 'content.xml');
  zip.addBuffer(Buffer.from('<manifest:manifest/>'), 'META-INF/manifest.xml');
  zip.addBuffer(Buffer.from('<office:document-styles/>'), 'styles.xml');
  zip.end();
  const file = join(temporaryFolder(), 'book.ods');
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}
