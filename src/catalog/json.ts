/** Values as PostgreSQL can hold them: its text and jsonb have neither NUL nor lone surrogates. */

/** NUL becomes its visible symbol, half a surrogate pair the replacement character. */
export function storableText(text: string): string {
  // Encoding to UTF-8 replaces a lone surrogate by U+FFFD.
  return Buffer.from(text).toString().replaceAll('\0', '␀');
}

/** JSON text for a `jsonb` parameter. */
export function storableJson(value: unknown): string {
  return JSON.stringify(clean(value));
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [storableText(key), clean(inner)]),
  );
}
