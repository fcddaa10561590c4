/** What a person knows of the CSV files of a dataset; wins over detection. */
import iconv from 'iconv-lite';
import { z } from 'zod';

const MOST_DELIMITER_CHARACTERS = 8;
const WHITESPACE = 'whitespace';
/** Of a line of fixed width. */
const MOST_CHARACTERS = 1_000_000;
export const MOST_HEADER_ROWS = 10;
export const MOST_FOOTER_LINES = 1000;

/** Such text has no marks that could be pinned, and names its columns here. */
const NOT_OF_FIXED_WIDTH = [
  ...['delimiter', 'quote', 'escape', 'header', 'header_rows', 'names', 'trim'],
] as const;

const fixedColumn = z
  .strictObject({
    name: z.string().min(1),
    /** Characters, counted from 1; `to` is the last of them. */
    from: z.number().int().positive(),
    to: z.number().int().positive().max(MOST_CHARACTERS),
  })
  .refine(({ from, to }) => from <= to, { error: 'expected a from that is not above to' });

const keys = z.strictObject({
  /** Of any length; `whitespace` for runs of blanks. */
  delimiter: z
    .string()
    .min(1)
    .refine((text) => text === WHITESPACE || text.length <= MOST_DELIMITER_CHARACTERS, {
      error: `expected at most ${MOST_DELIMITER_CHARACTERS} characters, or ${WHITESPACE}`,
    })
    .optional(),
  /** `none` where quotes are plain text. */
  quote: z.union([z.string().max(1), z.literal('none').transform(() => '')]).optional(),
  escape: z.string().max(1).optional(),
  header: z.boolean().optional(),
  /** Records at the top that name the columns, their names joined. */
  header_rows: z.number().int().nonnegative().max(MOST_HEADER_ROWS).optional(),
  /** One a column; they take the place of those that the file has. */
  names: z.array(z.string()).min(1).optional(),
  encoding: z
    .string()
    .refine((name) => iconv.encodingExists(name), {
      error: ({ input }) =>
        `expected an encoding such as utf-8 or windows-1252, found "${String(input)}"`,
    })
    .optional(),
  comment: z.string().length(1).optional(),
  skip_lines: z.number().int().nonnegative().optional(),
  /** Lines at the end that are no records. */
  skip_footer: z.number().int().nonnegative().max(MOST_FOOTER_LINES).optional(),
  /** Leaves blanks around cells out, also beside quotes. */
  trim: z.boolean().optional(),
  /** `pad`: cells that a row lacks at its end are missing. */
  ragged: z.literal('pad').optional(),
  null_tokens: z.array(z.string()).optional(),
  decimal: z.enum(['.', ',']).optional(),
  /** Columns by where they stand in each line. */
  fixed_width: z.array(fixedColumn).min(1).optional(),
});

export type FixedColumn = z.infer<typeof fixedColumn>;

export const dialect = keys.superRefine((pins, context) => {
  if (pins.fixed_width === undefined) return;
  for (const key of NOT_OF_FIXED_WIDTH) {
    if (pins[key] === undefined) continue;
    const message = 'expected no such key beside fixed_width, which says where each column stands';
    context.addIssue({ code: 'custom', path: [key], message });
  }
});
