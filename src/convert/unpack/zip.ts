/** Reads .zip archives entry by entry: zip64, Unicode names, every CRC and size checked. */
import { link } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import type { InflatedMember } from '../../cache/types.js';
import { ImportError } from '../../errors/index.js';
import { EntryNames, safeEntryName } from './entry-name.js';
import { inRoom, type ArchiveMember } from './member.js';
import { asDamage, writeMember, type WrittenMember } from './write-member.js';
import { readNames } from './zip-names.js';

const STORED = 0;
const DEFLATED = 8;

/** Upper half of the external attributes: Unix mode (APPNOTE 4.4.15, stat(2)). */
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;

/**
 * Every file of the archive, all names checked before the first is given.
 * @param inflated Members that were unpacked while the archive arrived: used where the archive's directory
 *   describes the very same data.
 * @throws ARCHIVE_UNSAFE, ARCHIVE_DAMAGED; the members' `write` also ARCHIVE_ENCRYPTED, ARCHIVE_UNSUPPORTED.
 */
export async function* zipMembers(
  absolutePath: string,
  archive: string,
  onEntry: (place: string) => void,
  inflated: readonly InflatedMember[] = [],
): AsyncGenerator<ArchiveMember> {
  const { members, close } = await openZip(absolutePath, archive, onEntry, inflated);
  try {
    yield* members;
  } catch (error) {
    throw asDamage(error, archive);
  } finally {
    close();
  }
}

export interface OpenZip {
  readonly members: readonly ArchiveMember[];
  readonly close: () => void;
}

/**
 * The members can be written until it is closed.
 * @throws as `zipMembers`
 */
export async function openZip(
  absolutePath: string,
  archive: string,
  onEntry: (place: string) => void,
  inflated: readonly InflatedMember[] = [],
): Promise<OpenZip> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(absolutePath, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      // Sizes are checked in `write`, where the error can name the entry.
      validateEntrySizes: false,
    });
    const names = new EntryNames(archive);
    const members: ArchiveMember[] = [];
    const byOffset = new Map(inflated.map((member) => [member.offset, member]));
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) {
      onEntry(archive);
      entries.push(entry);
    }
    for (const [index, { name: raw, remark }] of readNames(entries).entries()) {
      const entry = entries[index]!;
      const name = safeEntryName(raw, archive);
      const place = `${archive}, entry ${JSON.stringify(name)}`;
      if (isDirectory(entry, raw, place)) continue;
      if (name === '') {
        throw new ImportError('ARCHIVE_UNSAFE', { place, expected: 'a file name', found: 'none' });
      }
      const own = names.add(name, raw);
      const member = zipMember(zip, entry, own, place, inflatedAs(entry, byOffset));
      members.push(remark === undefined ? member : { ...member, remark });
    }
    const opened = zip;
    return { members, close: () => opened.close() };
  } catch (error) {
    zip?.close();
    throw asDamage(error, archive);
  }
}

/** The same place, method, sizes and CRC: unpacking would read the same bytes and write the same. */
function inflatedAs(
  entry: Entry,
  inflated: ReadonlyMap<number, InflatedMember>,
): InflatedMember | undefined {
  const found = inflated.get(entry.relativeOffsetOfLocalHeader);
  const isSame =
    found?.method === entry.compressionMethod &&
    found.packedBytes === entry.compressedSize &&
    found.bytes === entry.uncompressedSize &&
    found.crc32 === entry.crc32;
  return isSame ? found : undefined;
}

/** `undefined` where the work folder is on another disk, or another import was faster. */
async function takeOver(
  { absolutePath, bytes, sha256, crc32 }: InflatedMember,
  path: string,
): Promise<WrittenMember | undefined> {
  return link(absolutePath, path).then(
    () => ({ bytes, sha256, crc32 }),
    () => undefined,
  );
}

function zipMember(
  zip: ZipFile,
  entry: Entry,
  name: string,
  place: string,
  inflated: InflatedMember | undefined,
): ArchiveMember {
  return {
    name,
    declaredBytes: entry.uncompressedSize,
    write: async (target, { onBytes, signal, room, isHashed = true }) => {
      if (entry.isEncrypted()) throw new ImportError('ARCHIVE_ENCRYPTED', { place });
      const { compressionMethod: method } = entry;
      if (method !== STORED && method !== DEFLATED) {
        throw new ImportError('ARCHIVE_UNSUPPORTED', {
          place,
          expected: 'entries stored or deflated',
          found: `compression method ${method}`,
        });
      }
      const isFile = typeof target === 'string';
      const ready = inflated && isFile ? await takeOver(inflated, target) : undefined;
      if (ready) {
        onBytes(ready.bytes);
        return ready;
      }
      const damaged = (expected: string, found: string): never => {
        throw new ImportError('ARCHIVE_DAMAGED', { place, expected, found });
      };
      let bytes = 0;
      const written = await inRoom(room, entry.uncompressedSize, async () => {
        const packed = await zip
          .openReadStreamPromise(entry, { decodeFileData: false })
          .catch((error: unknown) => Promise.reject(asDamage(error, place) as Error));
        const inflate =
          method === DEFLATED ? createInflateRaw({ chunkSize: 256 * 1024 }) : undefined;
        return writeMember(packed, inflate, target, {
          ...{ place, signal, isHashed },
          onBytes: (more) => {
            bytes += more;
            if (bytes > entry.uncompressedSize) damaged(`${entry.uncompressedSize} bytes`, 'more');
            onBytes(more);
          },
        });
      });
      if (written.bytes !== entry.uncompressedSize) {
        damaged(`${entry.uncompressedSize} bytes`, `${written.bytes}`);
      }
      if (written.crc32 !== entry.crc32) {
        damaged(`CRC-32 ${entry.crc32.toString(16)}`, written.crc32.toString(16));
      }
      return written;
    },
  };
}

function isDirectory(entry: Entry, name: string, place: string): boolean {
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    throw new ImportError('ARCHIVE_UNSAFE', {
      place,
      expected: 'files and folders',
      found: type === 0o120000 ? 'a symbolic link' : `a special file (mode ${type.toString(8)})`,
    });
  }
  return type === DIRECTORY || /[\\/]$/.test(name);
}
