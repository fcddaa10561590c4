/** Reads .tar archives as a stream, one file after the other. */
import { Readable } from 'node:stream';
import { Parser, type ReadEntry } from 'tar';
import { ImportError } from '../../errors/index.js';
import { EntryNames, safeEntryName } from './entry-name.js';
import { inRoom, type ArchiveMember } from './member.js';
import { asDamage, writeMember } from './write-member.js';

const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);
const FOLDERS = new Set(['Directory', 'GNUDumpDir']);

/**
 * Gives each file of the tar in `source` to `onMember`, in order; what it does not write is skipped.
 * @throws ARCHIVE_UNSAFE for links and devices, ARCHIVE_DAMAGED
 */
export async function readTar(
  source: AsyncIterable<Buffer>,
  archive: string,
  onEntry: (place: string) => void,
  onMember: (member: ArchiveMember) => Promise<void>,
): Promise<void> {
  const names = new EntryNames(archive);
  let failure: unknown;
  let reading: Promise<void> = Promise.resolve();

  const handle = async (entry: ReadEntry): Promise<void> => {
    const name = safeEntryName(entry.path, archive);
    const place = `${archive}, entry ${JSON.stringify(name)}`;
    onEntry(place);
    if (FOLDERS.has(entry.type)) return;
    if (!FILES.has(entry.type)) {
      throw new ImportError('ARCHIVE_UNSAFE', {
        place,
        expected: 'files and folders',
        found: `an entry of type ${entry.type}`,
      });
    }
    await onMember({
      name: names.add(name, entry.path),
      declaredBytes: entry.size,
      write: async (target, { onBytes, signal, room }) => {
        const written = await inRoom(room, entry.size, () => {
          const source = Readable.from(entry, { objectMode: false });
          return writeMember(source, undefined, target, { place, onBytes, signal });
        });
        if (written.bytes === entry.size) return written;
        const [expected, found] = [`${entry.size} bytes`, `${written.bytes}`];
        throw new ImportError('ARCHIVE_DAMAGED', { place, expected, found });
      },
    });
  };

  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      reading = handle(entry)
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => entry.resume());
    },
  });
  parser.on('error', (error: unknown) => {
    failure ??= error;
  });
  const ended = new Promise<void>((resolve) => {
    parser.on('end', resolve);
    parser.on('close', resolve);
    parser.on('error', () => resolve());
  });

  try {
    for await (const piece of source) {
      if (failure !== undefined) break;
      if (!parser.write(piece)) await drained(parser, () => failure !== undefined);
    }
    if (failure === undefined) {
      parser.end();
      await ended;
    }
    await reading;
  } catch (error) {
    failure ??= error;
  }
  if (failure !== undefined) throw asDamage(failure, archive);
}

/** Resolves when the parser takes more, or when it never will. */
function drained(parser: Parser, failed: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (failed()) return resolve();
    parser.once('drain', resolve);
    parser.once('error', () => resolve());
  });
}
