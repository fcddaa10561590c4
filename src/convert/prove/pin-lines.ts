/** Spells a column's pin as YAML below the dataset, ready to paste. */
import type { ColumnPin } from '../../config/pinned-columns.js';
import { keyOf } from '../read/text/pin-text.js';

/** @param nullTokens Words that must be read as NULL for the pin to hold. */
export function columnPin(
  name: string,
  pin: ColumnPin,
  nullTokens: readonly string[] = [],
): string {
  const { type, ...spelling } = pin;
  const parts = Object.entries(spelling).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const value = parts.length === 0 ? type : `{type: ${[type, ...parts].join(', ')}}`;
  const line = `columns: {${keyOf(name)}: ${value}}`;
  return nullTokens.length === 0
    ? line
    : `${line}\ncsv: {null_tokens: ${JSON.stringify(nullTokens)}}`;
}
