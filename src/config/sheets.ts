/** What a person knows of the sheets of workbooks: which cells are a table, which rows name its columns. */
import { z } from 'zod';
import { MOST_FOOTER_LINES, MOST_HEADER_ROWS } from './dialect.js';

/** `A3:F200`, `A3:F` to the last row, `A:F`. */
const RANGE = /^[A-Z]{1,3}([1-9]\d{0,6})?:[A-Z]{1,3}([1-9]\d{0,6})?$/;

const sheet = z.strictObject({
  /** Its name or a pattern; `book.xlsx#Sales` where several workbooks have a sheet of that name. */
  sheet: z.string().min(1),
  range: z
    .string()
    .transform((range) => range.toUpperCase().replaceAll('$', ''))
    .refine((range) => RANGE.test(range), { error: 'expected cells such as A3:F200, A3:F or A:F' })
    .optional(),
  /** Rows at the top that name the columns, their names joined; 0 where there is none. */
  header_rows: z.number().int().nonnegative().max(MOST_HEADER_ROWS).optional(),
  /** One a column; they take the place of those that the sheet has. */
  names: z.array(z.string()).min(1).optional(),
  /** Rows at the end that are no records. */
  skip_footer: z.number().int().nonnegative().max(MOST_FOOTER_LINES).optional(),
  /** `fill`: every cell of a merged range has the value of its first. */
  merged: z.literal('fill').optional(),
});

export const sheets = z.array(sheet).min(1);

export type SheetPins = z.infer<typeof sheet>;
