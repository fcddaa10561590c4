/** Opens SQLite databases, which nobody trusts: read-only, in a build of SQLite that WebAssembly walls in. */
import { constants } from 'node:fs';
import { copyFile, open, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type Sqlite from 'node-sqlite3-wasm';
import { ImportError } from '../../../errors/index.js';
import { readHead } from '../../unpack/container.js';

export type Database = InstanceType<typeof Sqlite.Database>;

const require = createRequire(import.meta.url);
const BUILD = 'node-sqlite3-wasm';
/** Loaded when it is wanted; anew after one that broke, for its stack and its memory are then no longer whole. */
let build: typeof Sqlite | undefined;

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100;
const READ_VERSION_AT = 19;
const ENCODING_AT = 56;
const ROLLBACK = 1;
const WAL = 2;
const UTF8 = 1;

let opened = 0;

export interface DatabasePlace {
  readonly file: string;
  /** Names the file in errors. */
  readonly place: string;
  readonly scratchFile: string;
}

export interface OpenDatabase {
  readonly database: Database;
  readonly close: () => Promise<void>;
}

/**
 * Opened under a name of its own: the build locks a database by a folder beside its name, so that two processes could not
 * read it at once, and none at all after one that was killed.
 * @param at `scratchFile` is absolute, and what the name begins with
 * @throws FORMAT_UNREADABLE
 */
export async function openDatabase({
  file,
  place,
  scratchFile,
}: DatabasePlace): Promise<OpenDatabase> {
  const header = await readHead(file, HEADER_BYTES);
  const encoding = header.length < HEADER_BYTES ? UTF8 : header.readUInt32BE(ENCODING_AT);
  if (encoding > UTF8) throw unreadable(place, 'one whose texts are UTF-16');
  const path = `${scratchFile}.${process.pid}.${++opened}`;
  if (header[READ_VERSION_AT] === WAL) await copyWithoutWal(file, path);
  else await symlink(resolve(file), path);
  try {
    build ??= require(BUILD) as typeof Sqlite;
    const database = new build.Database(path, { readOnly: true, fileMustExist: true });
    return {
      database,
      close: async () => {
        closeWhole(database);
        await rm(path, { force: true });
      },
    };
  } catch (error) {
    await rm(path, { force: true });
    throw asUnreadable(error, place);
  }
}

/** A write-ahead log needs a file beside the database. It is not there, so all of the data is in the database. */
async function copyWithoutWal(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const file = await open(to, 'r+');
  try {
    await file.write(Buffer.from([ROLLBACK, ROLLBACK]), 0, 2, READ_VERSION_AT - 1);
  } finally {
    await file.close();
  }
}

/** Of a build that broke nothing can be closed. */
function closeWhole(database: Database): void {
  if (build !== undefined && database instanceof build.Database) database.close();
}

/** Errors of SQLite become FORMAT_UNREADABLE, others stay what they are. */
export function asUnreadable(error: unknown, place: string): unknown {
  if (!(error instanceof Error)) return error;
  // WebAssembly's own: such as an expression that is deeper than the stack.
  if (error.name === 'RuntimeError') {
    build = undefined;
    delete require.cache[require.resolve(BUILD)];
    return unreadable(place, `one that SQLite breaks on: ${error.message}`, error);
  }
  return error.name === 'SQLite3Error' ? unreadable(place, error.message, error) : error;
}

function unreadable(place: string, found: string, cause?: Error): ImportError {
  return new ImportError('FORMAT_UNREADABLE', {
    place,
    expected: 'an SQLite database, its texts in UTF-8',
    found,
    ...(cause && { cause }),
  });
}

/** An SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
