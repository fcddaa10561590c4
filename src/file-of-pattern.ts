/** `#` and the name of a sheet or a table, behind a file that can hold several. */
const INSIDE = /(?<=\.(xls[xmb]?|ods|gpkg|sqlite3?|db3?|json))#.*$/is;

/** The file that a pattern of `files:` is about: `book.xlsx#Sheet1` -> `book.xlsx`. */
export function fileOfPattern(pattern: string): string {
  return pattern.replace(INSIDE, '');
}
