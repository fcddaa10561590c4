/** What a CSV dialect is: single bytes that separate, quote and escape. */

export interface Dialect {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or empty: nothing is quoted. */
  readonly quote: string;
  /** The quote itself (doubled, RFC 4180) or another ASCII character, mostly a backslash. */
  readonly escape: string;
  /** One ASCII character at the start of lines that are no records. */
  readonly comment?: string;
  /** `\r` only in files that have no other line end. */
  readonly newline: '\n' | '\r';
}

export const RFC_4180: Dialect = { delimiter: ',', quote: '"', escape: '"', newline: '\n' };
