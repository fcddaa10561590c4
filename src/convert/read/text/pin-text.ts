/** Words what settles a reading as YAML, ready to paste below a dataset. */

type Pins = Readonly<Record<string, unknown>>;

export function csvPin(pins: Pins): string {
  return `csv: ${flow(pins)}`;
}

/** One entry of `sheets:` for each; `sheet` as `book.xlsx#Sales`. */
export function sheetsPin(sheet: string, ...entries: readonly Pins[]): string {
  return `sheets: [${entries.map((pins) => flow({ sheet, ...pins })).join(', ')}]`;
}

/** Flow style: JSON's scalars are YAML's. */
function flow(pins: Pins): string {
  return `{${Object.entries(pins)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${keyOf(key)}: ${scalar(value)}`)
    .join(', ')}}`;
}

/** A word of capitals is one, too, unless YAML takes it for something else. */
export function keyOf(name: string): string {
  const key = scalar(name.toLowerCase());
  return /^\w+$/.test(key) ? name : JSON.stringify(name);
}

/** A list, or a value as JSON spells it, but for words that YAML takes for nothing else. */
export function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return flow(value as Pins);
  const isWord =
    typeof value === 'string' &&
    /^[a-z][a-z0-9_-]*$/.test(value) &&
    !/^(y|n|yes|no|on|off|true|false|null)$/.test(value);
  return isWord ? value : JSON.stringify(value);
}
