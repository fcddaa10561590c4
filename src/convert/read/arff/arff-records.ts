/** The records of an ARFF file, the text format of Weka, in the types that it declares. */
import { join } from 'node:path';
import { ImportError } from '../../../errors/index.js';
import { positionedName } from '../canonical-csv.js';
import { byteLines } from '../json/ndjson-records.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { openText, type TextFile } from '../text/text-file.js';
import { attributeOf, type Attribute } from './attribute.js';
import { leftOut, rowOf, type Row } from './rows.js';
import { ArffFault } from './tokens.js';

interface ArffPlace {
  readonly file: string;
  /** Names the file in errors. */
  readonly place: string;
  /** Absolute, existing: a copy in UTF-8 goes there. */
  readonly scratchDirectory: string;
  /** Pinned. */
  readonly encoding: string | undefined;
  readonly signal: AbortSignal;
}

const START = /^\s*(%[^\n]*\n\s*)*@relation\b/i;
const DECLARES = /\n\s*@attribute\s/i;
const EXPECTED = 'an ARFF file: @relation, @attribute, @data';

export function isArff(head: Buffer): boolean {
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  return START.test(text) && DECLARES.test(text);
}

/**
 * What is not of its declared type stays as it is written, and is told with its count; a line of too many or too few
 * values is a reject.
 * @throws FORMAT_UNREADABLE, ENCODING_UNDECODABLE
 */
export async function arffRecords(at: ArffPlace): Promise<RecordReader> {
  const { file, place, scratchDirectory, encoding, signal } = at;
  const copy = join(scratchDirectory, 'utf8.arff');
  const text = await openText(file, place, copy, encoding, signal, 'whole');
  const { attributes, lines } = await readHeader(text, place);
  const domains = attributes.flatMap(({ name, domain }) => (domain ? [[name, domain]] : []));
  return {
    columns: attributes.map(({ name }, index) => positionedName(name, index)),
    originalTypes: attributes.map(({ typeName }) => typeName),
    declaredTypes: attributes.map(({ declared }) => declared),
    dialect: {
      encoding: text.encoding,
      ...(domains.length > 0 && { domains: Object.fromEntries(domains) as object }),
    },
    decisions: [text.decision],
    source: () => records(text, place, attributes, lines),
  };
}

async function readHeader(
  { file }: TextFile,
  place: string,
): Promise<{ attributes: Attribute[]; lines: number }> {
  const attributes: Attribute[] = [];
  let lines = 0;
  const refuse = (found: string): ImportError =>
    new ImportError('FORMAT_UNREADABLE', { place: `${place}:${lines}`, expected: EXPECTED, found });
  for await (const bytes of byteLines(file, place)) {
    lines += 1;
    const line = decoded(bytes) ?? bytes.toString('latin1');
    if (/^\s*@data\b/i.test(line)) {
      if (attributes.length === 0) throw refuse('no attribute before @data');
      return { attributes, lines };
    }
    if (!/^\s*@attribute\s/i.test(line)) continue;
    try {
      attributes.push(attributeOf(line));
    } catch (error) {
      throw error instanceof ArffFault ? refuse(error.message) : error;
    }
  }
  throw refuse('no @data: the file was not copied to its end');
}

async function* records(
  { file }: TextFile,
  place: string,
  attributes: readonly Attribute[],
  headerLines: number,
): AsyncGenerator<SourceRecord> {
  const names = attributes.map(({ name }, at) => positionedName(name, at));
  const doubts = new Doubts(attributes);
  let line = 0;
  for await (const bytes of byteLines(file, place)) {
    line += 1;
    if (line <= headerLines) continue;
    const text = decoded(bytes);
    if (text !== undefined && /^\s*(%|$)/.test(text)) continue;
    try {
      if (text === undefined) throw new ArffFault('not UTF-8');
      const cells = cellsOf(rowOf(text, attributes.length), attributes, line, doubts);
      yield {
        bytes: bytes.length + 1,
        cells: new Map(cells.map((cell, at) => [names[at]!, cell])),
      };
    } catch (error) {
      if (!(error instanceof ArffFault)) throw error;
      const raw = text ?? bytes.toString('latin1');
      yield { bytes: bytes.length + 1, reject: { line, reason: error.message, raw } };
    }
  }
  for (const remark of doubts.remarks()) yield { remark };
}

function cellsOf(
  { tokens, hasWeight }: Row,
  attributes: readonly Attribute[],
  line: number,
  doubts: Doubts,
): Array<string | null> {
  if (hasWeight) doubts.weights += 1;
  return attributes.map((attribute, at) => {
    const token = tokens[at];
    if (!token) {
      const value = leftOut(attribute);
      if (value === null) doubts.add('left out', at, line);
      return value;
    }
    const { text, isQuoted } = token;
    if (!isQuoted && text === '?') return null;
    if (!isQuoted && text === '') {
      doubts.add('empty', at, line);
      return null;
    }
    const value = attribute.valueOf(text);
    if (value === undefined) doubts.add('other', at, line);
    return value ?? text;
  });
}

const DOUBTS = {
  other: 'not of that type, and kept as written',
  empty: 'empty, where ? stands for a missing one: NULL',
  'left out': 'left out in sparse rows, where no zero stands for it: NULL',
} as const;

interface Doubt {
  readonly kind: keyof typeof DOUBTS;
  readonly column: number;
  readonly first: number;
  count: number;
}

/** What the rows say against the header, counted by column. */
class Doubts {
  weights = 0;
  readonly #counts = new Map<string, Doubt>();

  constructor(private readonly attributes: readonly Attribute[]) {}

  add(kind: keyof typeof DOUBTS, column: number, line: number): void {
    const key = `${kind}\0${column}`;
    const known = this.#counts.get(key);
    if (known) known.count += 1;
    else this.#counts.set(key, { kind, column, count: 1, first: line });
  }

  /** No value is shown: it could name a person. */
  *remarks(): Generator<string> {
    for (const { remark } of this.attributes) if (remark !== undefined) yield remark;
    if (this.weights > 0) yield `weights of ${this.weights} rows are left out`;
    for (const { kind, column, count, first } of this.#counts.values()) {
      const { name, typeName } = this.attributes[column]!;
      const values = count === 1 ? '1 value is' : `${count} values are`;
      const where = `column ${JSON.stringify(name)}, declared as ${typeName}`;
      yield `${where}: ${values} ${DOUBTS[kind]}; the first in line ${first}`;
    }
  }
}

function decoded(line: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(line).replace(/\r$/, '');
  } catch {
    return undefined;
  }
}
