/** What a dialect of delimited text is: what separates fields, quotes them and ends records. */

import type { FixedColumn } from '../../../config/dialect.js';

export interface Dialect {
  /** Any text; the word `whitespace` for runs of blanks and tabs. */
  readonly delimiter: string;
  /** One ASCII character, or empty: nothing is quoted. */
  readonly quote: string;
  /** The quote itself (doubled, RFC 4180) or another ASCII character, mostly a backslash. */
  readonly escape: string;
  /** One ASCII character at the start of lines that are no records. */
  readonly comment?: string;
  /** `\r` only in files that have no other line end. */
  readonly newline: '\n' | '\r';
  /** Blanks between a delimiter and a quote belong to neither. */
  readonly blanksBesideQuotes?: boolean;
  /** The escape also takes a delimiter, a line end or a quote out of unquoted text (MySQL's way). */
  readonly escapesOutside?: boolean;
  /** Blanks around unquoted fields are left out. */
  readonly trim?: boolean;
  /** Columns by where they stand: nothing delimits or quotes them. */
  readonly fixedWidth?: readonly FixedColumn[];
}

export const WHITESPACE = 'whitespace';

/** True of a dialect that DuckDB can be told with a delimiter and a line end. */
export function isPlain(dialect: Dialect): boolean {
  const { delimiter, quote, escape, newline, comment } = dialect;
  return (
    Buffer.byteLength(delimiter) === 1 &&
    quote === '"' &&
    escape === quote &&
    newline === '\n' &&
    comment === undefined &&
    !dialect.blanksBesideQuotes &&
    !dialect.escapesOutside &&
    !dialect.trim
  );
}
