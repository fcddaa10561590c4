/** A workbook is a .zip with checksums: parts that are not what these say are refused, before anything is made of them. */
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { read, write, utils } from '@e965/xlsx';
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
