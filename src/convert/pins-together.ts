/** Puts pins together, so that what is pasted takes the place of what an entry has under the same key and loses nothing of it. */
import { parse } from 'yaml';
import type { DatasetEntry } from '../config/datasets.js';
import { keyOf, scalar } from './read/text/pin-text.js';
import { pinForFile } from './unpack/pin-for-file.js';

export type Pins = Readonly<Record<string, unknown>>;

/**
 * YAML for the entry: with what it has under the keys of `pin` already.
 * @param path - of the one file that it is for, where the entry has several
 */
export function pinBeside(pin: string, entry: DatasetEntry, path?: string): string {
  const alone = path === undefined ? pin : pinForFile(pin, path);
  const added = parse(alone) as Pins;
  const own = asWritten(entry);
  const before = Object.entries(own).filter(
    ([key, value]) => value !== undefined && Object.hasOwn(added, key),
  );
  return before.length === 0 ? alone : worded(togetherOf(Object.fromEntries(before), added));
}

/** YAML of both; the later one has the last word. */
export function bothPins(one: string, other: string): string {
  return worded(togetherOf(parse(one) as Pins, parse(other) as Pins));
}

/** Keys go together, and entries of one sheet; of words for nothing each counts. */
export function togetherOf(before: Pins, added: Pins): Pins {
  const own = Object.entries(added).map(([key, value]) => {
    const known = Object.hasOwn(before, key) ? before[key] : undefined;
    return [key, known === undefined ? value : together(key, known, value)] as const;
  });
  return { ...before, ...Object.fromEntries(own) };
}

function together(key: string, before: unknown, added: unknown): unknown {
  if (key === 'null_tokens') return [...new Set([...(before as string[]), ...(added as string[])])];
  if (key === 'sheets') return sheetsTogether(before as Pins[], added as Pins[]);
  return isPins(before) && isPins(added) ? togetherOf(before, added) : added;
}

/** Several entries of one sheet are several tables of it: they take the place of what was there. */
function sheetsTogether(before: readonly Pins[], added: readonly Pins[]): Pins[] {
  const of = (pins: readonly Pins[], sheet: unknown): Pins[] =>
    pins.filter((one) => one['sheet'] === sheet);
  const others = before.filter(({ sheet }) => of(added, sheet).length === 0);
  const anew = added.map((one) => {
    const { sheet } = one;
    const [known] = of(before, sheet);
    const isOne = of(before, sheet).length === 1 && of(added, sheet).length === 1;
    return isOne ? togetherOf(known!, one) : one;
  });
  return [...others, ...anew];
}

function isPins(value: unknown): value is Pins {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As a person spells it in YAML: the other way round of what the schema makes of it. */
function asWritten({ csv, columns, sheets, files, tables }: DatasetEntry): Pins {
  const { include, exclude, pins } = files ?? {};
  const ofFiles = Object.entries(pins ?? {}).map(
    ([path, { csv: own, ...rest }]) =>
      [path, { ...rest, ...(own && { csv: csvAsWritten(own) }) }] as const,
  );
  return {
    ...(csv && { csv: csvAsWritten(csv) }),
    ...(files && {
      files: {
        ...(include && { include }),
        ...(exclude && { exclude }),
        ...Object.fromEntries(ofFiles),
      },
    }),
    ...{ columns, sheets, tables },
  };
}

function csvAsWritten({ quote, ...pins }: NonNullable<DatasetEntry['csv']>): Pins {
  return { ...pins, ...(quote !== undefined && { quote: quote === '' ? 'none' : quote }) };
}

function worded(pins: Pins): string {
  return Object.entries(pins)
    .map(([key, value]) => `${keyOf(key)}: ${scalar(value)}`)
    .join('\n');
}
