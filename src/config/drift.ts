/** The `drift:` of a dataset: how far a new version may differ from the current one, and what happens beyond that. */
import { z } from 'zod';

const points = z.number().min(0).max(100);

export const drift = z.strictObject({
  /** `hold`: the version is stored, and a person decides whether it becomes current. */
  on: z.enum(['evolve', 'warn', 'hold']).default('warn'),
  /** Of the rows that a table had. */
  rows_percent: z.number().nonnegative().default(50),
  /** Percentage points of the share of missing values in a column. */
  nulls_points: points.default(10),
  /** Percentage points of the share of a class of the target. */
  classes_points: points.default(10),
  dropped_columns: z.boolean().default(true),
  retyped_columns: z.boolean().default(true),
});

export type DriftLimits = z.infer<typeof drift>;
