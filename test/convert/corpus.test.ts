/** Awkward files of public collections: each is converted and compared cell by cell, or refused as its manifest says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';
import { sameCell, type Cell } from '../helpers/cell-equality.js';
import { parseRecords } from '../helpers/strict-csv.js';

interface Expected {
  readonly file: string;
  readonly encoding: string;
  readonly delimiter: string;
  /** @default true */
  readonly header?: boolean;
  readonly skippedLines?: number;
  readonly columns: number;
  readonly rows: number;
}

interface Refused {
  readonly file: string;
  readonly refused: string;
  readonly rejects?: number;
}

const CORPUS = join(import.meta.dirname, '..', 'corpus');
const manifest = JSON.parse(readFileSync(join(CORPUS, 'manifest.json'), 'utf8')) as Array<
  Expected | Refused
>;
const readable = manifest.filter((one): one is Expected => !('refused' in one));
const refused = manifest.filter((one): one is Refused => 'refused' in one);

/** Of one that is not a table there is nothing to compare; an empty line is a record where there is one column. */
function recordsOf(bytes: Buffer, { encoding, delimiter, skippedLines = 0 }: Expected): string[][] {
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  const body = text.split('\n').slice(skippedLines).join('\n');
  const records = parseRecords(body, { delimiter });
  const isTable = records.some((record) => record.length > 1);
  return isTable ? records.filter((record) => record.length > 1 || record[0] !== '') : records;
}

describe('a file of the corpus', () => {
  test.each(readable)('$file', async (expected) => {
    const bytes = readFileSync(join(CORPUS, expected.file));
    const { result, description, rows } = await convert(bytes);
    const { encoding, delimiter, header = true, skippedLines = 0 } = expected;
    expect(description.dialect).toMatchObject({ encoding, delimiter, header, skippedLines });
    expect(result).toMatchObject({
      columns: expected.columns,
      rows: expected.rows,
      sourceRecords: expected.rows,
      rejects: 0,
    });
    const records = recordsOf(bytes, expected);
    if (header) {
      const names = description.columns.map(({ originalName }) => originalName);
      const [head] = records.splice(0, 1);
      expect(names).toEqual(expected.columns === head!.length ? head : [...head!, '']);
    }
    expect(rows).toHaveLength(records.length);
    records.forEach((record, row) =>
      record.forEach((text, index) => {
        const { type, proof } = description.columns[index]!;
        const value = rows[row]![index] as Cell;
        const shown = `row ${row + 1}, ${type}: ${JSON.stringify(text)} -> ${String(value)}`;
        expect(sameCell(text, value, type, proof.nullTokens, proof.rule), shown).toBe(true);
      }),
    );
  });

  test.each(refused)('$file is refused: $refused', async ({ file, refused: code, rejects }) => {
    const bytes = readFileSync(join(CORPUS, file));
    await expect(convert(bytes)).rejects.toMatchObject({ code });
    if (rejects === undefined) return;
    const { result } = await convert(bytes, { entry: { checks: { max_rejects: rejects } } });
    expect(result.sourceRecords).toBe(result.rows + rejects);
  });
});

test('every CSV file that is converted is in the manifest', () => {
  const files = readdirSync(CORPUS, { recursive: true, encoding: 'utf8' });
  const tables = files
    .filter((file) => /\.(csv|tsv)$/.test(file) && !file.startsWith('packages/'))
    .sort();
  expect(manifest.map(({ file }) => file).sort()).toEqual(tables);
});
