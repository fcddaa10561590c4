/** A number of a SAS transport file: a float of IBM's mainframes, and the day or moment that its format makes of it. */
import { clockText, dayText, momentText } from '../moment-text.js';
import { numberText } from '../number-text.js';

const DAYS_1960 = 3653n;
const SECONDS_1960 = DAYS_1960 * 86_400n;
const DAY_SECONDS = 86_400;
/** Base 16, 14 digits, an exponent from -64 on. */
const SIGN = 0x80;
const EXPONENT = 0x7f;
const BIAS = 64 + 14;
const REASON = /^[A-Z_.]$/;

const DAY =
  /^(DATE|(DD|MM|YY)(MM|DD)?(DD|YY|MM)[BCDNPS]?|WORDDAT[EX]|WEEKDAT[EX]|[EIB]8601DA|NLDATE|EURDFDD)$/;
const MOMENT = /^(DATETIME|DATEAMPM|[EIB]8601D[TNZX]|NLDATM|MDYAMPM)$/;
const TIME = /^(TIME|TOD|HHMM|TIMEAMPM|[EIB]8601T[MZ]|NLTIME)$/;

/** `.A` to `.Z` and `._` say why a value is missing, `.` does not. @param bytes Two to eight: those that are left out are zero. */
export function missingReason(bytes: Buffer): string | undefined {
  const first = String.fromCharCode(bytes[0]!);
  if (!REASON.test(first) || bytes.subarray(1).some((byte) => byte !== 0)) return undefined;
  return first === '.' ? '.' : `.${first}`;
}

/** Rounded where it has more than 53 bits, which no number has that was written by SAS on other machines. */
export function ibmNumber(bytes: Buffer): number {
  let fraction = 0;
  for (let at = 1; at < 8; at += 1) fraction = fraction * 256 + (bytes[at] ?? 0);
  const exponent = (bytes[0]! & EXPONENT) - BIAS;
  const value = fraction * 16 ** exponent;
  return (bytes[0]! & SIGN) === 0 ? value : -value;
}

/** Days, moments and times of day as ISO 8601; others as the number that they are. */
export function shown(value: number, format: string): string {
  const isWhole = Number.isSafeInteger(value);
  if (isWhole && DAY.test(format)) return dayText(BigInt(value) - DAYS_1960);
  const count = microseconds(value);
  if (count === undefined) return numberText(value);
  if (MOMENT.test(format)) return momentText(count - SECONDS_1960 * 1_000_000n, 'us');
  if (TIME.test(format) && value >= 0 && value < DAY_SECONDS) return clockText(count, 'us');
  return numberText(value);
}

/** Where they are all of its digits. */
function microseconds(value: number): bigint | undefined {
  const [, sign, seconds, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(String(value)) ?? [];
  if (seconds === undefined) return undefined;
  const count = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
  return sign === '-' ? -count : count;
}
