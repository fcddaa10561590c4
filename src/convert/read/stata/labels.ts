/** What the codes of a Stata file stand for. */
import { bytesAt } from '../binary/fixed-records.js';
import { Cursor, untilZero } from '../binary/cursor.js';
import { Damage } from '../binary/damage.js';
import type { StataFile } from './file.js';

/** By the name of the labels: code and text. */
export type ValueLabels = ReadonlyMap<string, ReadonlyArray<readonly [code: number, text: Buffer]>>;

const MOST_BYTES = 1 << 28;

/** @throws Damage, RangeError */
export async function readLabels(absolutePath: string, file: StataFile): Promise<ValueLabels> {
  const [start, end] = file.labels;
  if (!(end - start <= MOST_BYTES)) throw new Damage('value labels of more than 256 MB');
  const cursor = new Cursor(await bytesAt(absolutePath, start, end - start), file.isBig);
  const isNew = file.version >= 117;
  const labels = new Map<string, Array<readonly [number, Buffer]>>();
  if (isNew) cursor.expect('<value_labels>');
  while (isNew ? nextTag(cursor) === '<lbl>' : cursor.at < cursor.bytes.length) {
    if (isNew) cursor.expect('<lbl>');
    cursor.take(4);
    const name = cursor.text(isNew && file.version !== 117 ? 129 : 33);
    cursor.take(3);
    labels.set(name.toString(isNew ? 'utf8' : 'latin1'), readTable(cursor));
    if (isNew) cursor.expect('</lbl>');
  }
  if (isNew) cursor.expect('</value_labels>');
  return labels;
}

function nextTag({ bytes, at }: Cursor): string {
  return bytes.toString('latin1', at, at + '<lbl>'.length);
}

function readTable(cursor: Cursor): Array<readonly [number, Buffer]> {
  const [count, textBytes] = [cursor.uint32(), cursor.uint32()];
  const room = cursor.bytes.length - cursor.at;
  if (count * 8 + textBytes > room) throw new Damage('value labels that are cut short');
  const offsets = Array.from({ length: count }, () => cursor.uint32());
  const codes = Array.from({ length: count }, () => cursor.int32());
  const texts = cursor.take(textBytes);
  return codes.map((code, at) => [code, untilZero(texts.subarray(offsets[at]))]);
}
