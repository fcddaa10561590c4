/** Opens SQLite databases, which nobody trusts: read-only, in a build of SQLite that WebAssembly walls in. */
import { constants } from 'node:fs';
import { copyFile, open, rm } from 'node:fs/promises';
import sqlite from 'node-sqlite3-wasm';
import { ImportError } from '../../../errors/index.js';
import { readHead } from '../../unpack/container.js';

export type Database = InstanceType<typeof sqlite.Database>;

/** https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100;
const READ_VERSION_AT = 19;
const ENCODING_AT = 56;
const ROLLBACK = 1;
const WAL = 2;
const UTF8 = 1;

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
 * @param at `scratchFile` is absolute; a copy goes there where the database cannot be opened as it is.
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
  const isWal = header[READ_VERSION_AT] === WAL;
  if (isWal) await copyWithoutWal(file, scratchFile);
  const path = isWal ? scratchFile : file;
  try {
    const database = new sqlite.Database(path, { readOnly: true, fileMustExist: true });
    return {
      database,
      close: async () => {
        database.close();
        if (isWal) await rm(scratchFile, { force: true });
      },
    };
  } catch (error) {
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

/** Errors of SQLite become FORMAT_UNREADABLE, others stay what they are. */
export function asUnreadable(error: unknown, place: string): unknown {
  return error instanceof sqlite.SQLite3Error ? unreadable(place, error.message, error) : error;
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
