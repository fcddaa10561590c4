/** Turns one JSON value into one record. */
import { cellsOfFeature, isFeature } from './geojson.js';
import { arrayElements, cellOf, objectMembers } from './json-text.js';
import { checkJson, type Liberties } from './json-syntax.js';
import { cellsOfMembers } from './members.js';
import type { Cells, SourceRecord } from '../record.js';

export interface RecordOptions {
  /** Its line, or its number among the values; from 1. */
  readonly number: number;
  /** Where it begins in the file, from 1. @default number */
  readonly line?: number;
  /** What is no JSON and is read all the same; counted there. */
  readonly liberties: Liberties;
  /** @default cellsOf: objects give their members (of GeoJSON, their properties), arrays `column_1`, ..., a single value `value` */
  readonly cells?: (text: string) => Cells | string;
}

/** A reject where it is no JSON, or has no cells. */
export function recordOf(
  raw: string,
  { number, line = number, liberties, cells = cellsOf }: RecordOptions,
): SourceRecord {
  const bytes = Buffer.byteLength(raw);
  const reject = (reason: string): SourceRecord => ({
    bytes,
    reject: { line: number, reason, raw },
  });
  const text = raw.trim();
  try {
    checkJson(text, liberties, line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return reject(`not JSON: ${error.message}`);
  }
  try {
    const found = cells(text);
    return typeof found === 'string' ? reject(found) : { bytes, cells: found };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return reject(error.message);
  }
}

/** The reason where there are none. */
function cellsOf(text: string): Cells | string {
  if (text.startsWith('[')) {
    const values = arrayElements(text);
    return new Map(values.map((value, index) => [`column_${index + 1}`, cellOf(value)]));
  }
  if (!text.startsWith('{')) return new Map([['value', cellOf(text)]]);
  const members = objectMembers(text);
  return isFeature(members) ? cellsOfFeature(members) : cellsOfMembers(members);
}
