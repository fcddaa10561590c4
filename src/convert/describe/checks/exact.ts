/** Decimal numbers as people write them, with all of their digits. */

/** `digits` divided by ten to the power of `scale`. */
export interface Exact {
  readonly digits: bigint;
  readonly scale: number;
}

const NUMBER = /^([-+]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([-+]?\d{1,3}))?$/;

/** `undefined` of what is no finite decimal number. */
export function exactOf(text: string): Exact | undefined {
  const [, sign, whole, fraction, exponent = '0'] = NUMBER.exec(text.trim()) ?? [];
  if (whole === undefined || fraction === undefined) return undefined;
  const digits = BigInt(`${whole}${fraction}`);
  return { digits: sign === '-' ? -digits : digits, scale: fraction.length - Number(exponent) };
}

/** The digits at another scale; of a number that has more of them, `undefined` or the next one above or below. */
export function atScale(
  { digits, scale }: Exact,
  wanted: number,
  otherwise?: 'above' | 'below',
): bigint | undefined {
  if (wanted >= scale) return digits * 10n ** BigInt(wanted - scale);
  const divisor = 10n ** BigInt(scale - wanted);
  const rest = digits % divisor;
  const towardsZero = digits / divisor;
  if (rest === 0n) return towardsZero;
  if (otherwise === undefined) return undefined;
  if (otherwise === 'above') return rest > 0n ? towardsZero + 1n : towardsZero;
  return rest < 0n ? towardsZero - 1n : towardsZero;
}

/** Without exponent, as every type of number reads it. */
export function spelled(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const sign = digits < 0n ? '-' : '';
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
