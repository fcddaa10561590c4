/** Of an .xls the chains of sectors and the directory have to end: SheetJS would follow them for ever. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSheet } from '../../../src/convert/read/workbook/sheet.js';
import { openWorkbook } from '../../../src/convert/read/workbook/workbook.js';
import { temporaryFolder } from '../../helpers/convert.js';

const CORPUS = join(import.meta.dirname, '..', '..', 'corpus', 'workbooks');
const SECTOR = 512;
/** Of the directory: [MS-CFB] 2.6.1. */
const ENTRY = 128;
const LEFT = 68;
const CHILD = 76;
/** Of the set of properties that has author and title: [MS-OLEPS] 3.1. */
const SUMMARY = Buffer.from('e0859ff2f94f6810ab9108002b27b3d9', 'hex');

async function rowsOf(damage: (bytes: Buffer) => void): Promise<unknown[]> {
  const bytes = readFileSync(join(CORPUS, 'agate-excel', 'test_zeros.xls'));
  damage(bytes);
  const file = join(temporaryFolder(), 'book.xls');
  writeFileSync(file, bytes);
  const book = await openWorkbook(file, 'book.xls');
  return book.sheets.map((name) => readSheet(book.sheet(name)!, book.calendar).rows);
}

const sectorAt = (sector: number): number => (sector + 1) * SECTOR;
const directoryOf = (bytes: Buffer): number => sectorAt(bytes.readInt32LE(48));

test('a sector that is its own next is refused, whichever it is', async () => {
  const fat = (bytes: Buffer): number => sectorAt(bytes.readInt32LE(76));
  const linked: number[] = [];
  await rowsOf((bytes) => {
    for (let sector = 0; sector < SECTOR / 4; sector += 1)
      if (bytes.readInt32LE(fat(bytes) + 4 * sector) > 0) linked.push(sector);
  });
  expect(linked.length).toBeGreaterThan(4);
  for (const sector of linked) {
    const ring = rowsOf((bytes) => bytes.writeInt32LE(sector, fat(bytes) + 4 * sector));
    await expect(ring).rejects.toMatchObject({
      code: 'FORMAT_UNREADABLE',
      message: expect.stringContaining('book.xls') as string,
    });
  }
});

test('an entry of the directory that is behind its own child is refused', async () => {
  const ring = rowsOf((bytes) => {
    const first = bytes.readInt32LE(directoryOf(bytes) + CHILD);
    const behind = bytes.readInt32LE(directoryOf(bytes) + first * ENTRY + LEFT);
    bytes.writeInt32LE(first, directoryOf(bytes) + behind * ENTRY + LEFT);
  });
  await expect(ring).rejects.toMatchObject({ code: 'FORMAT_UNREADABLE' });
});

test('two thousand million properties of the document are none of the table', async () => {
  const whole = await rowsOf(() => undefined);
  expect(whole.flat().length).toBeGreaterThan(0);
  const boastful = await rowsOf((bytes) => {
    const section = bytes.indexOf(SUMMARY);
    expect(section).toBeGreaterThan(0);
    const offset = bytes.readUInt32LE(section + SUMMARY.length);
    bytes.writeUInt32LE(2_000_000_000, section - 28 + offset + 4);
  });
  expect(boastful).toEqual(whole);
});
