/** Whatever is told of a reading is settled by the YAML that it names: pasted, it loads, and the same is read without the words. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Decision } from '../../src/convert/read/decision.js';
import { warningsOf } from '../../src/convert/read/warnings.js';
import { convert, type Conversion } from '../helpers/convert.js';

const CASES = join(import.meta.dirname, 'cases');
const rows = (count: number, row: (n: number) => string): string =>
  Array.from({ length: count }, (_x, n) => row(n)).join('');

const SOURCES: ReadonlyArray<readonly [string, string | Buffer]> = [
  ...readdirSync(CASES).map((name) => [name, readFileSync(join(CASES, name))] as const),
  ['a mark in the first cell', '\uFEFF\uFEFF1,2\n3,4\n'],
  ['a mark within the table', 'a,b\n1,2\n\uFEFF3,4\n'],
  ['a mark within the header', 'a,\uFEFFb\n1,2\n3,4\n'],
  ['the end mark of DOS', 'a,b\r\n1,2\r\n3,4\r\n\x1a'],
  [
    'one in an older encoding',
    Buffer.from(`a,b\r\n${rows(9, (n) => `${n},caf\xe9 cr\xe8me br\xfbl\xe9e\r\n`)}\x1a`, 'latin1'),
  ],
  ['files that were joined', '\uFEFFa,b\n1,2\n\uFEFFa,b\n3,4\n'],
  ['files that were joined, of other names', 'id,age\n1,20\n2,30\nid,age_2\n3,40\n4,50\n'],
  ['columns between runs of blanks', rows(20, (n) => `  ${n}   ${n * 7}.5     0.${n}\n`)],
  ['a delimiter that the file declares', 'sep=#\na#b#c\n1#2#x\n3#4#y\n'],
  ['cells that rows lack', `a,b,c,d\n${rows(20, (n) => `${n},x,y\n`)}`],
];

async function settled(source: string | Buffer, pins: string): Promise<Conversion> {
  return convert(source, { entry: { checks: { max_rejects: 100 }, ...(parse(pins) as object) } });
}

const isOpen = (decision: Decision): boolean =>
  decision.certainty !== 'pinned' && warningsOf([decision]).length > 0;
/** Of types, pins are there to change what is written. */
const isOfValues = ({ about }: Decision): boolean =>
  ['day order', 'number spelling', 'decimal mark'].includes(about);
const names = ({ description }: Conversion): string[] =>
  description.columns.map(({ name }) => name);

test.each(SOURCES)('%s', async (_name, source) => {
  const before = await settled(source, '').catch(() => undefined);
  const told = before?.description.decisions.filter(isOpen) ?? [];
  for (const { about, column, pin } of told) {
    const after = await settled(source, pin);
    const left = after.description.decisions.filter(isOpen);
    expect(left.filter((one) => one.about === about && one.column === column)).toEqual([]);
    expect(names(after)).toEqual(names(before!));
    if (told.some(isOfValues)) expect(after.rows).toHaveLength(before!.rows.length);
    else expect(after.rows).toEqual(before!.rows);
  }
});

const LONG = 'n'.repeat(3000);

test('cells that rows lack are counted, whoever allows them', async () => {
  const { result } = await settled('a,b\n1,x\n2\n3\n', 'csv: {ragged: pad}');
  expect(result.warnings).toEqual([
    'the missing cells is: NULL at the end of their rows (2 rows have fewer than 2 fields)',
  ]);
});

test.each(['null', 'True', 'no', '1', '~', 'a b', 'a: b', '#x', '', '__proto__', 'é"x', LONG])(
  'a column can be pinned as it is told: %#',
  async (name) => {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const source = `id,${quoted}\n${rows(12, (n) => `${n},0${1 + (n % 9)}/0${1 + (n % 9)}/2024\n`)}`;
    const { description } = await convert(source);
    const told = description.decisions.find(({ about }) => about === 'day order');
    const after = await convert(source, { entry: parse(stringify(parse(told!.pin))) as object });
    expect(after.description.columns[1]!.type).toBe('DATE');
  },
);
