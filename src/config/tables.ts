/** `tables:` of a dataset: which files are one table together. */
import { z } from 'zod';
import { list } from './list.js';

const union = z.strictObject({
  files: list,
  /** The name of a column that says which file a row is from. */
  file_column: z.string().min(1).optional(),
});

export type TableUnion = z.infer<typeof union>;

/** By the name of the table: patterns of files, as those of `files: include:`. */
export const tables = z.record(
  z.string().regex(/^[a-z_][a-z0-9_]{0,119}$/, 'expected lower-case letters, digits and _'),
  z.union([list.transform((files): TableUnion => ({ files })), union]),
);
