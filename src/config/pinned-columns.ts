/** The shape of `columns:` in an entry: what a person has decided of single columns. */
import { z } from 'zod';
import { isNumeric, isPinnable, isTemporal, PINNABLE_TYPES } from './pinnable.js';

const pinnable = z.string().refine(isPinnable, {
  error: ({ input }) => `expected ${PINNABLE_TYPES}, found "${String(input)}"`,
});

/** A mark between digits: one character that is none of them, nor a sign. */
const mark = z.string().regex(/^[^\p{L}\p{N}+-]$/u, 'expected one character between digits');

const pin = z
  .strictObject({
    type: pinnable,
    format: z.string().min(1).optional(),
    trim: z.boolean().optional(),
    prefix: z.string().min(1).optional(),
    suffix: z.string().min(1).optional(),
    thousands: mark.optional(),
    decimal: z.enum(['.', ',']).optional(),
  })
  .refine(({ type, format }) => format === undefined || isTemporal(type), {
    error: 'expected format only with DATE, TIME or TIMESTAMP',
  })
  .refine(
    ({ type, thousands, decimal }) => (thousands ?? decimal) === undefined || isNumeric(type),
    { error: 'expected thousands and decimal only with a type of numbers' },
  )
  .refine(({ thousands, decimal = '.' }) => thousands !== decimal, {
    error: 'expected another mark for thousands than the decimal one; pin decimal, too',
  });

/** A column's type, or its type and how its texts are spelled; the proof must hold for it. */
const pinnedColumn = z.union([pinnable.transform((type) => ({ type })), pin]);

export type ColumnPin = z.infer<typeof pin>;
export type ColumnPins = Readonly<Record<string, ColumnPin>>;

/** zod's records leave this name out, and a column may have it. */
const LEFT_OUT = '__proto__';
const STAND_IN = `\0${LEFT_OUT}`;

function renamed(record: object, from: string, to: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name === from ? to : name, value as unknown]),
  );
}

export const pinnedColumns = z.preprocess(
  (raw) =>
    typeof raw === 'object' && raw !== null && Object.hasOwn(raw, LEFT_OUT)
      ? renamed(raw, LEFT_OUT, STAND_IN)
      : raw,
  z
    .record(z.string(), pinnedColumn)
    .transform((pins) => renamed(pins, STAND_IN, LEFT_OUT) as ColumnPins),
);

/** The pin of a column by one of its names; names that every object has are none. */
export function pinOf(
  pins: ColumnPins | undefined,
  names: readonly string[],
): ColumnPin | undefined {
  const name = names.find((one) => pins !== undefined && Object.hasOwn(pins, one));
  return name === undefined ? undefined : pins![name];
}
