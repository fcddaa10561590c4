/** The one place where DuckDB reads text: nothing is left for it to guess. */
import { quoteText } from '../relation.js';

/** RFC 4180 in UTF-8, the delimiter any one byte. */
export interface PlainText {
  /** Absolute. */
  readonly file: string;
  readonly delimiter: string;
  /** The same on every line. */
  readonly newline: '\n' | '\r\n';
  /** Lines at the start that are no rows. */
  readonly skippedLines: number;
  /** True when a cell goes over several lines. */
  readonly multiline: boolean;
  readonly longestBytes: number;
}

/** DuckDB reads lines of twice this length without being told. */
const USUAL_LINE_BYTES = 1_000_000;

/** A table expression of texts; an empty cell is NULL, a quoted empty one an empty text. */
export function plainTextSql(text: PlainText, names: readonly string[]): string {
  const { file, delimiter, newline, skippedLines, multiline, longestBytes } = text;
  const columns = names.map((name) => `${quoteText(name)}: 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect=false',
    `columns={${columns}}`,
    `delim=${quoteText(delimiter)}`,
    `quote='"'`,
    `escape='"'`,
    'header=false',
    `skip=${skippedLines}`,
    // Without it, a `\r` within the first quotes would be taken for the line end.
    `new_line='${newline === '\r\n' ? '\\r\\n' : '\\n'}'`,
    `nullstr=''`,
    'allow_quoted_nulls=false',
    'null_padding=false',
    'ignore_errors=false',
    // Where its threads begin in the middle of a quoted text, lines of it look like rows.
    ...(multiline ? ['parallel=false'] : []),
    ...(longestBytes > USUAL_LINE_BYTES ? roomFor(longestBytes) : []),
  ];
  return `read_csv(${quoteText(file)}, ${options.join(', ')})`;
}

/** DuckDB would take buffers of 16 such lines: a line of 60 MB would need a gigabyte for each. */
function roomFor(longestBytes: number): string[] {
  const lineBytes = longestBytes + USUAL_LINE_BYTES;
  return [`max_line_size=${lineBytes}`, `buffer_size=${2 * lineBytes}`];
}
