/** One YAML file of the configuration: read again only when it has changed. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { ImportError } from '../errors/index.js';
import { systemCode } from '../network/trouble.js';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly digest: string;
  /** As the YAML says it; `undefined` where it is none. */
  readonly value?: unknown;
  /** What is wrong with the YAML, as `file:line:column: what`. */
  readonly broken?: readonly string[];
}

interface Known {
  readonly mark: string;
  readonly file: ConfigFile;
}

/** A change within the clock's grain leaves the mark as it was: until then a file is read again. */
const SETTLED_MS = 2_000;

/** Gives the same object as long as the file has the same text. Throws CONFIG_NOT_FOUND. */
export function createFileReader(): (path: string) => Promise<ConfigFile> {
  const known = new Map<string, Known>();
  return async (path) => {
    const before = known.get(path);
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path).catch(unreadable(path));
    const mark = [dev, ino, size, mtimeMs, ctimeMs].join(' ');
    const isSettled = Date.now() - ctimeMs > SETTLED_MS;
    if (before?.mark === mark && isSettled) return before.file;
    const text = await readFile(path, 'utf8').catch(unreadable(path));
    const digest = createHash('sha256').update(text).digest('hex');
    const isSame = before?.file.digest === digest;
    const file = isSame ? before.file : { path, text, digest, ...(await read(path, text)) };
    known.set(path, { mark: isSettled ? mark : '', file });
    return file;
  };
}

/**
 * Ten thousand entries in a tenth of a second; the `yaml` package takes seven times as long. Both read YAML 1.2
 * with its core schema, and both refuse a key that stands twice. What the quick one refuses is the careful one's
 * to explain, or to read all the same.
 */
async function read(path: string, text: string): Promise<Pick<ConfigFile, 'value' | 'broken'>> {
  try {
    return { value: load(text, { schema: CORE_SCHEMA }) };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { readCarefully } = await import('./explain.js');
    return readCarefully(path, text);
  }
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    const code = systemCode(cause);
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : code;
    throw new ImportError('CONFIG_NOT_FOUND', { place: path, ...(found && { found }), cause });
  };
}
