/** A key that takes one text or a list of texts, and always gives a list. */
import { z } from 'zod';

export const list = z.union([z.string(), z.array(z.string())]).transform((v) => [v].flat());
