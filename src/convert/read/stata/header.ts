/** Reads the header of a Stata file: versions 113 to 115 (Stata's manual, "dta_115") and 117 to 119 ("dta"). */
import { open } from 'node:fs/promises';
import { Cursor } from '../binary/cursor.js';
import { Damage } from '../binary/damage.js';
import { columnsOf, type StataFile, type StataKind } from './file.js';

const OLD_VERSIONS = new Set([113, 114, 115]);
/** Descriptions of 32,767 columns have seven megabytes, of 120,000 as many as fit here. */
const MOST_HEADER_BYTES = 1 << 28;
const XML_START = '<stata_dta><header><release>';

const OLD_TYPES: Readonly<Record<number, StataKind>> = {
  ...{ 251: 'byte', 252: 'int', 253: 'long', 254: 'float', 255: 'double' },
};
const LONGEST_OLD_TEXT = 244;
const NEW_TYPES: Readonly<Record<number, StataKind>> = {
  ...{ 65_530: 'byte', 65_529: 'int', 65_528: 'long', 65_527: 'float', 65_526: 'double' },
  32_768: 'long text',
};
const LONGEST_TEXT = 2045;
/** Places in the file, in the order of its map. */
const MAP = 14;

export function isStata(head: Buffer): boolean {
  if (head.toString('latin1', 0, XML_START.length) === XML_START) return true;
  const isOld = OLD_VERSIONS.has(head[0] ?? 0) && [1, 2].includes(head[1] ?? 0);
  return isOld && head[2] === 1 && head[3] === 0 && head.length >= 109;
}

/** @throws Damage, RangeError */
export async function readStataHeader(absolutePath: string): Promise<StataFile> {
  const file = await open(absolutePath);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, MOST_HEADER_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    const head = bytes.subarray(0, bytesRead);
    const stata = head[0] === 0x3c ? readNew(new Cursor(head), size) : readOld(new Cursor(head));
    const end = stata.start + stata.records * stata.recordBytes;
    if (end > size) {
      const there = Math.floor(Math.max(0, size - stata.start) / stata.recordBytes);
      throw new Damage(`${there} of ${stata.records} records: the file was not copied to its end`);
    }
    return { ...stata, labels: [stata.labels[0], stata.labels[1] || size] };
  } finally {
    await file.close();
  }
}

function readOld(cursor: Cursor): StataFile {
  const version = cursor.uint8();
  cursor.isBig = cursor.uint8() === 1;
  cursor.take(2);
  const count = cursor.uint16();
  const records = cursor.uint32();
  cursor.take(81 + 18);
  const types = [...cursor.take(count)].map((type): readonly [StataKind, number] => {
    const kind = type <= LONGEST_OLD_TEXT && type > 0 ? 'text' : OLD_TYPES[type];
    if (kind === undefined) throw new Damage(`a column of the unknown type ${type}`);
    return [kind, type];
  });
  const each = (bytes: number): Buffer[] => types.map(() => cursor.text(bytes));
  const names = each(33);
  cursor.take(2 * (count + 1));
  const [formats, labels, descriptions] = [each(version === 113 ? 12 : 49), each(33), each(81)];
  for (let type = 1, length = 1; type !== 0 || length !== 0;) {
    [type, length] = [cursor.uint8(), cursor.uint32()];
    cursor.take(length);
  }
  const facts = types.map((type, at) => ({
    ...{ type, name: names[at]!, format: formats[at]!.toString('latin1') },
    ...{ labels: labels[at]!.toString('latin1'), description: descriptions[at]! },
  }));
  const start = cursor.at;
  const { columns, recordBytes } = columnsOf(facts);
  const end = start + records * recordBytes;
  return {
    ...{ version, isBig: cursor.isBig, columns, records, recordBytes, start },
    labels: [end, 0],
  };
}

function readNew(cursor: Cursor, size: number): StataFile {
  cursor.expect(XML_START);
  const version = Number(cursor.take(3).toString('latin1'));
  if (![117, 118, 119].includes(version)) throw new Damage(`version ${version}`);
  cursor.expect('</release><byteorder>');
  cursor.isBig = cursor.take(3).toString('latin1') === 'MSF';
  cursor.expect('</byteorder><K>');
  const count = version === 119 ? cursor.uint32() : cursor.uint16();
  cursor.expect('</K><N>');
  const records = version === 117 ? cursor.uint32() : cursor.uint64();
  cursor.expect('</N><label>');
  cursor.take(version === 117 ? cursor.uint8() : cursor.uint16());
  cursor.expect('</label><timestamp>');
  cursor.take(cursor.uint8());
  cursor.expect('</timestamp></header><map>');
  const map = Array.from({ length: MAP }, () => cursor.uint64());
  if (map[MAP - 1] !== size) {
    throw new Damage(`${size} of ${map[MAP - 1]} bytes: the file was not copied to its end`);
  }
  cursor.expect('</map><variable_types>');
  const types = Array.from({ length: count }, (): readonly [StataKind, number] => {
    const type = cursor.uint16();
    const kind = type <= LONGEST_TEXT && type > 0 ? 'text' : NEW_TYPES[type];
    if (kind === undefined) throw new Damage(`a column of the unknown type ${type}`);
    return [kind, type];
  });
  const [nameBytes, formatBytes, descriptionBytes] =
    version === 117 ? [33, 49, 81] : [129, 57, 321];
  const each = (bytes: number): Buffer[] => types.map(() => cursor.text(bytes));
  cursor.expect('</variable_types><varnames>');
  const names = each(nameBytes);
  cursor.expect('</varnames><sortlist>');
  cursor.take((version === 119 ? 4 : 2) * (count + 1));
  cursor.expect('</sortlist><formats>');
  const formats = each(formatBytes);
  cursor.expect('</formats><value_label_names>');
  const labels = each(nameBytes);
  cursor.expect('</value_label_names><variable_labels>');
  const descriptions = each(descriptionBytes);
  cursor.expect('</variable_labels>');
  const [data, longTexts, valueLabels, end] = map.slice(9, 13) as [number, number, number, number];
  cursor.at = data;
  cursor.expect('<data>');
  const { columns, recordBytes } = columnsOf(
    types.map((type, at) => ({
      ...{ type, name: names[at]!, format: formats[at]!.toString('latin1') },
      ...{ labels: labels[at]!.toString('utf8'), description: descriptions[at]! },
    })),
  );
  const start = cursor.at;
  if (start + records * recordBytes + '</data>'.length !== longTexts) {
    throw new Damage('another number of records than its header says');
  }
  return {
    ...{ version, isBig: cursor.isBig, columns, records, recordBytes, start },
    longTexts: [longTexts, valueLabels],
    labels: [valueLabels, end],
  };
}
