/** Real numbers as the text that is exactly each of them. */

/** `1.0`: a real number without a fraction is none of the integers. */
export function realText(value: number): string {
  return Object.is(value, -0) ? '-0.0' : String(value).replace(/^-?\d+$/, '$&.0');
}

/** `1`, of formats that have no integers: whole numbers are, as far as each of them has its own. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : realText(value);
}
