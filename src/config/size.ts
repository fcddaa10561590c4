/** Sizes, as people write them. */
import { z } from 'zod';

const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)$/i;
const UNIT_BYTES = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** A size such as `512MB`, or a plain number of bytes. Gives bytes. */
export const bytes = z
  .union([z.number().int().positive(), z.string()])
  .transform((value, context) => {
    if (typeof value === 'number') return value;
    const match = SIZE.exec(value);
    if (!match) {
      context.addIssue({
        code: 'custom',
        message: `expected a size such as 512MB, found "${value}"`,
      });
      return z.NEVER;
    }
    return Math.round(
      Number(match[1]) * UNIT_BYTES[match[2]!.toUpperCase() as keyof typeof UNIT_BYTES],
    );
  });
