/** The kinds of source that `source:` can name, each with its keys. The code of each is in source/index.ts. */
import { z } from 'zod';
import { list } from './list.js';

/** An entry is part of every import's history, where whoever watches imports can read it. */
const addresses = list.refine((urls) => !urls.some((url) => /^[^/]*:\/\/[^/]*@/.test(url)), {
  error:
    'expected addresses without user and password: they would be kept in the histories of imports',
});
const text = z.string();
const optional = text.optional();

/** A kind's first key has its name. */
const keysOfSources = {
  url: z.strictObject({ url: addresses, sha256: optional }),
  github: z.strictObject({ github: text, ref: optional, release: optional }),
  path: z.strictObject({ path: text }),
  s3: z.strictObject({ s3: text, endpoint: optional }),
  azure: z.strictObject({ azure: text }),
};

export type NamedSourceKind = keyof typeof keysOfSources;

export const NAMED_SOURCE_KINDS = Object.keys(keysOfSources) as readonly NamedSourceKind[];

export const namedSource = z.union(Object.values(keysOfSources));
