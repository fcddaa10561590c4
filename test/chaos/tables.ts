/** The sources of a campaign: tables whose every cell is read off its text in one way only, and their next versions. */
import type { Dice } from '../helpers/hostile-server.js';

/** CSV by file name. */
export type Files = Readonly<Record<string, string>>;

export interface DatasetSpec {
  readonly name: string;
  readonly tables: number;
  readonly rows: number;
  /** Of text that does not compress, in each row: makes a table that is stored in parts. */
  readonly noiseBytes: number;
}

const DATASETS = 12;
/** A table loses most of its rows so often: past the limits, as is what brings them back. */
const SHRINKS_ONCE_IN = 8;
const SHRUNK_TO = { part: 0.2, atLeast: 20 };
const LARGE: DatasetSpec = { name: 'large', tables: 1, rows: 12_000, noiseBytes: 2_000 };

/** @param withLarge - one of them has a table that is stored in parts */
export function datasetSpecs(dice: Dice, withLarge: boolean): DatasetSpec[] {
  const specs = Array.from({ length: DATASETS }, (_none, index) => ({
    name: `set-${index + 1}`,
    tables: 1 + dice(3),
    rows: 50 + dice(2_000),
    noiseBytes: 0,
  }));
  return withLarge ? [...specs.slice(1), LARGE] : specs;
}

export function firstFiles(spec: DatasetSpec, dice: Dice): Files {
  const names = Array.from({ length: spec.tables }, (_none, index) => `table_${index + 1}.csv`);
  return Object.fromEntries(names.map((name) => [name, tableText(spec, dice)]));
}

/** Some tables anew, at least one; the others stay, byte by byte. */
export function nextFiles(spec: DatasetSpec, before: Files, dice: Dice): Files {
  const names = Object.keys(before);
  const certain = dice(names.length);
  return Object.fromEntries(
    names.map((name, index) => {
      const isNew = index === certain || dice(3) === 0;
      return [name, isNew ? tableText(shrunkAtTimes(spec, dice), dice) : before[name]!];
    }),
  );
}

function shrunkAtTimes(spec: DatasetSpec, dice: Dice): DatasetSpec {
  if (dice(SHRINKS_ONCE_IN) > 0) return spec;
  const rows = Math.max(SHRUNK_TO.atLeast, Math.floor(spec.rows * SHRUNK_TO.part));
  return { ...spec, rows };
}

const WORDS = ['plain', 'with, comma', 'with ""quote""', 'two\nlines', 'été', '日本', '  blanks  '];

function tableText({ rows, noiseBytes }: DatasetSpec, dice: Dice): string {
  const lines = ['id,code,word,amount,day,flag,note,noise'];
  const total = rows + dice(rows);
  for (let id = 1; id <= total; id += 1) {
    const day = `20${two(10 + dice(15))}-${two(1 + dice(12))}-${two(1 + dice(28))}`;
    lines.push(
      [
        ...[
          id,
          String(dice(100_000)).padStart(6, '0'),
          `"${WORDS[dice(WORDS.length)]} ${dice(50)}"`,
        ],
        ...[`${dice(10_000) - 5_000}.${two(dice(100))}`, day, dice(2) === 0 ? 'true' : 'false'],
        ...[dice(3) === 0 ? '' : `n${dice(9_000)}`, noise(noiseBytes, dice)],
      ].join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function noise(bytes: number, dice: Dice): string {
  let text = `x${dice(1_000)}`;
  while (text.length < bytes) text += dice(2 ** 31).toString(36);
  return text;
}
