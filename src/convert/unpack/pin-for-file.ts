/** Words the pins of some files of several. */

/** YAML that settles the reading of some files of several: `csv:` and `columns:` alone would go for all of them. */
export function pinForFile(pin: string, ...paths: readonly string[]): string {
  if (!/^(csv|columns): /.test(pin)) return pin;
  const keys = pin.split('\n').join(', ');
  return `files: {${paths.map((path) => `${JSON.stringify(path)}: {${keys}}`).join(', ')}}`;
}
