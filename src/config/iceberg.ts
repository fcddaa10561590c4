/** How published tables are named for engines that read Apache Iceberg. */
import { z } from 'zod';

const NAMESPACE = /^[a-z0-9_]{1,60}(?:\.[a-z0-9_]{1,60}){0,2}$/;

export const iceberg = z.strictObject({
  enabled: z.boolean().default(true),
  /** What readers call our catalog; other catalogs may be in the same database. */
  catalog: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,60}$/, 'expected letters, digits and _')
    .default('exai'),
  /** Where the namespaces of the datasets lie; at the top when absent. */
  namespace: z
    .string()
    .regex(NAMESPACE, 'expected lower-case letters, digits and _, with dots between levels')
    .optional(),
});

export type IcebergSettings = z.infer<typeof iceberg>;
