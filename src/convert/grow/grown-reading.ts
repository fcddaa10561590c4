/** What is known of how a grown table was read: of its older files from the version before, of the new ones from now. */
import { icebergNotes } from '../../iceberg/notes.js';
import { sumOfLedgers, type ByteLedger } from '../read/byte-ledger.js';
import type { Decision } from '../read/decision.js';
import { warningsOf } from '../read/warnings.js';
import type { TextRelation } from '../relation.js';
import type { CheckResult, Growth } from '../types.js';

/** Why a table that could have grown has not. */
export const STORED_ANEW = 'not appended to the version before, but stored anew as a whole';

/** Decided again over the whole table. */
const OF_ALL_ROWS: readonly string[] = [
  'day order',
  'decimal mark',
  'null tokens',
  'number spelling',
];

interface StoredDialect {
  readonly files?: readonly unknown[];
  readonly decisions?: readonly Decision[];
  readonly byteLedger?: ByteLedger;
  /** Of the growth that has made it. */
  readonly append?: { readonly notes?: readonly string[] };
}

export interface GrownReading {
  readonly dialect: TextRelation['dialect'];
  readonly decisions: readonly Decision[];
  readonly byteLedger?: ByteLedger;
  /** Of the older files, beside what the decisions tell. */
  readonly warnings: readonly string[];
}

/** @param notes - what is told of the growth itself */
export async function grownReading(
  { before, version, members }: Growth,
  relation: Pick<TextRelation, 'dialect' | 'byteLedger'>,
  rows: number,
  notes: readonly string[],
): Promise<GrownReading> {
  const dialect: StoredDialect = before.dialect;
  const decisions = (dialect.decisions ?? []).filter(({ about }) => !OF_ALL_ROWS.includes(about));
  const byteLedger = sumOfLedgers([dialect.byteLedger, relation.byteLedger]);
  const { files = [] } = relation.dialect as StoredDialect;
  const again = await toldAgain(before);
  const append = { to: version, files: members.length, rows, rowsBefore: before.rows, notes };
  return {
    dialect: { ...relation.dialect, files: [...(dialect.files ?? []), ...files], append },
    decisions,
    ...(byteLedger && { byteLedger }),
    warnings: before.warnings.filter((text) => !again.has(text) && !text.includes(STORED_ANEW)),
  };
}

/** Of two files that are decided alike, one says so. */
export function withoutRepeated(decisions: readonly Decision[]): Decision[] {
  const known = new Map<string, Decision>();
  for (const one of decisions) {
    const { about, chosen, certainty, column, pin } = one;
    const key = JSON.stringify([about, chosen, certainty, column, pin]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

/** Checks that have not passed, and how many records are no rows. */
export function findings(checks: readonly CheckResult[], rejects: number): string[] {
  const failed = checks.filter(({ passed }) => !passed).map(({ message }) => message);
  return rejects > 0 ? [...failed, `${rejects} records are no rows and are kept aside`] : failed;
}

/** What stands among the warnings of the version before, and is worded anew for the whole table. */
async function toldAgain({ dialect, checks, rejects, columns }: Growth['before']) {
  const { decisions = [], append }: StoredDialect = dialect;
  return new Set([
    ...warningsOf(decisions),
    ...findings(checks, rejects),
    ...(await icebergNotes(columns)),
    ...(append?.notes ?? []),
  ]);
}
