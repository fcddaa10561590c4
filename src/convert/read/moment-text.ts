/** Days and moments that a file counts from 1970, as ISO 8601 with all of their digits. */

/** Units a second has. */
export const UNITS_A_SECOND = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
export type Unit = keyof typeof UNITS_A_SECOND;

const DAY_SECONDS = 86_400n;

/** `2020-01-02 03:04:05.25`: as many digits of the second as it takes, none for a whole one. */
export function momentText(count: bigint, unit: Unit): string {
  const perDay = DAY_SECONDS * UNITS_A_SECOND[unit];
  const days = floorDivision(count, perDay);
  return `${dayText(days)} ${clockText(count - days * perDay, unit)}`;
}

/** `03:04:05.25` of the units since midnight. */
export function clockText(count: bigint, unit: Unit): string {
  const perSecond = UNITS_A_SECOND[unit];
  const seconds = count / perSecond;
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n];
  const text = clock.map((value) => String(value).padStart(2, '0')).join(':');
  const digits = String(perSecond).length - 1;
  const fraction = String(count % perSecond)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? text : `${text}.${fraction}`;
}

/** `2020-01-02` in the Gregorian calendar, also before its time. Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms. */
export function dayText(days: bigint): string {
  const shifted = days + 719_468n;
  const era = floorDivision(shifted, 146_097n);
  const dayOfEra = shifted - era * 146_097n;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n;
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n);
  const march = (5n * dayOfYear + 2n) / 153n;
  const day = dayOfYear - (153n * march + 2n) / 5n + 1n;
  const month = march < 10n ? march + 3n : march - 9n;
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n);
  const sign = year < 0n ? '-' : '';
  const digits = String(year < 0n ? -year : year).padStart(4, '0');
  return `${sign}${digits}-${twoDigits(month)}-${twoDigits(day)}`;
}

function twoDigits(value: bigint): string {
  return String(value).padStart(2, '0');
}

function floorDivision(value: bigint, by: bigint): bigint {
  return value >= 0n ? value / by : -((-value + by - 1n) / by);
}
