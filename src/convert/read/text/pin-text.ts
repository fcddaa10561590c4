/** Words what settles a reading as YAML, ready to paste below a dataset. */

/** Flow style: JSON's scalars are YAML's. */
export function csvPin(pins: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(pins).map(([key, value]) => `${key}: ${scalar(value)}`);
  return `csv: {${pairs.join(', ')}}`;
}

function scalar(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(scalar).join(', ')}]`;
  const isWord =
    typeof value === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(value) &&
    !/^(y|n|yes|no|on|off|true|false|null)$/.test(value);
  return isWord ? value : JSON.stringify(value);
}
