/** `tables:` of a dataset: which files are one table together. */
import { z } from 'zod';
import { list } from './list.js';

const append = z.strictObject({
  /** Columns whose values tell a row from every other one: repeated ones are counted, none is removed. */
  key: list.optional(),
  /** A column by which the files grow: new rows that stand before rows of older files are counted. */
  order: z.string().min(1).optional(),
});

const union = z.strictObject({
  files: list,
  /** The name of a column that says which file a row is from. */
  file_column: z.string().min(1).optional(),
  /** New files become new parts; what older ones were converted to stays. */
  append: z
    .union([z.literal(true).transform((): z.infer<typeof append> => ({})), append])
    .optional(),
});

export type TableUnion = z.infer<typeof union>;
export type AppendPin = z.infer<typeof append>;

/** By the name of the table: patterns of files, as those of `files: include:`. */
export const tables = z.record(
  z.string().regex(/^[a-z_][a-z0-9_]{0,119}$/, 'expected lower-case letters, digits and _'),
  z.union([list.transform((files): TableUnion => ({ files })), union]),
);
