/** What a source says of the files of an entry, kept beside them: for people, so that no import fails for it. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { ImportError } from '../errors/index.js';
import type { Sources } from '../source/index.js';
import type { PinnedSource, SourceDocumentation } from '../source/types.js';
import type { EntryPaths } from './layout.js';

/** A source that does not answer has nothing to say; what else goes wrong is thrown. */
export async function fetchDocumentation(
  sources: Sources,
  pin: PinnedSource,
  paths: EntryPaths,
  signal: AbortSignal,
): Promise<void> {
  const documentation = await sources.document(pin, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof ImportError) return undefined;
    throw error;
  });
  if (!documentation) return;
  await writeFile(`${paths.documentation}.tmp`, JSON.stringify(documentation));
  await rename(`${paths.documentation}.tmp`, paths.documentation);
}

/** `undefined` for none, and for an entry of the version before. */
export async function readDocumentation(
  paths: EntryPaths,
): Promise<SourceDocumentation | undefined> {
  const text = await readFile(paths.documentation, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as SourceDocumentation);
}
