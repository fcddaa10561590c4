/** One YAML file of the configuration: read again only when it has changed. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { ImportError } from '../errors/index.js';
import { systemCode } from '../network/trouble.js';
import type { CarefullyRead } from './explain.js';
import { carefullyRead, isLarge } from './explained.js';
import { loadInPieces, type KnownEntries } from './yaml-pieces.js';

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
  readonly entries: KnownEntries;
}

/** A change within the clock's grain leaves the mark as it was: until then a file is read again. */
const SETTLED_MS = 2_000;

/** Gives the same object as long as the file has the same text. Throws CONFIG_NOT_FOUND. */
export function createFileReader(): (path: string) => Promise<ConfigFile> {
  const known = new Map<string, Known>();
  const underWay = new Map<string, Promise<ConfigFile>>();

  async function look(path: string): Promise<ConfigFile> {
    const before = known.get(path);
    const { dev, ino, size, mtimeMs, ctimeMs } = await stat(path).catch(unreadable(path));
    const mark = [dev, ino, size, mtimeMs, ctimeMs].join(' ');
    const isSettled = Date.now() - ctimeMs > SETTLED_MS;
    if (before?.mark === mark && isSettled) return before.file;
    const text = await readFile(path, 'utf8').catch(unreadable(path));
    const digest = createHash('sha256').update(text).digest('hex');
    const isSame = before?.file.digest === digest;
    const found = isSame ? before : await read({ path, text, digest }, before?.entries);
    known.set(path, { ...found, mark: isSettled ? mark : '' });
    return found.file;
  }

  return (path) => {
    const work = underWay.get(path) ?? look(path).finally(() => underWay.delete(path));
    underWay.set(path, work);
    return work;
  };
}

const NOTHING_KNOWN: KnownEntries = new Map();

/**
 * Ten thousand entries in a tenth of a second; the `yaml` package takes seven times as long. Both read YAML 1.2
 * with its core schema, and both refuse a key that stands twice. What the quick one refuses is the careful one's
 * to explain, or to read all the same.
 */
async function read(
  file: Pick<ConfigFile, 'path' | 'text' | 'digest'>,
  before = NOTHING_KNOWN,
): Promise<Omit<Known, 'mark'>> {
  const { path, text } = file;
  const inPieces = await loadInPieces(text, before).catch(whereBroken);
  if (inPieces) return { file: { ...file, value: inPieces.value }, entries: inPieces.entries };
  return { file: { ...file, ...(await readWhole(path, text)) }, entries: NOTHING_KNOWN };
}

async function readWhole(path: string, text: string): Promise<CarefullyRead> {
  try {
    // At once, it would hold the process up.
    if (!isLarge(text)) return { value: load(text, { schema: CORE_SCHEMA }) };
  } catch (error) {
    whereBroken(error);
  }
  return carefullyRead(path, text);
}

/** A piece may be broken that is none of the whole. */
function whereBroken(error: unknown): undefined {
  if (!(error instanceof YAMLException)) throw error;
}

function unreadable(path: string): (cause: unknown) => never {
  return (cause) => {
    const code = systemCode(cause);
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : code;
    throw new ImportError('CONFIG_NOT_FOUND', { place: path, ...(found && { found }), cause });
  };
}
