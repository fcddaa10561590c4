/** Reads the names of a zip archive's members, in whatever encoding its writer had. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { getFileNameLowLevel, type Entry } from 'yauzl';
import { decisionOf } from '../read/encoding/evidence.js';
import { ForeignWords } from '../read/encoding/foreign-words.js';
import { readingsOf } from '../read/encoding/readings.js';

export interface MemberName {
  /** As it stands, folders divided by `/` or `\`. */
  readonly name: string;
  /** In words, where the archive does not say how to read it. */
  readonly remark?: string;
}

/** Info-ZIP's field for the name in UTF-8 (APPNOTE 4.6.9). */
const UNICODE_PATH = 0x7075;
/** Bit 11 of the flags: the name is UTF-8 (APPNOTE, appendix D). */
const UTF8_FLAG = 0x800;

/**
 * Names in UTF-8 without the flag that says so are common (macOS). The others are all in one encoding, which is
 * found by what each candidate makes of them together; CP437, the format's own, is one of the candidates.
 */
export function readNames(entries: readonly Entry[]): MemberName[] {
  const foreign = entries.filter(isForeign);
  if (foreign.length === 0) return entries.map((entry) => ({ name: plainName(entry) }));
  const words = new ForeignWords();
  for (const { fileNameRaw } of foreign)
    words.push(Buffer.concat([fileNameRaw, Buffer.from('\n')]));
  words.end();
  const { chosen, certainty, alternatives } = decisionOf(readingsOf(words.words), words.counted);
  const others = alternatives.map((other) => other.chosen).join(', ');
  const sure = certainty === 'guess' ? `a guess; it could be ${others}` : certainty;
  const remark = `the name of the file in its archive is read as ${chosen} (${sure})`;
  return entries.map((entry) =>
    isForeign(entry)
      ? { name: iconv.decode(entry.fileNameRaw, chosen), remark }
      : { name: plainName(entry) },
  );
}

function isForeign({ fileNameRaw, extraFields, generalPurposeBitFlag }: Entry): boolean {
  const isTold =
    (generalPurposeBitFlag & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH);
  return !isTold && !isUtf8(fileNameRaw);
}

function plainName(entry: Entry): string {
  const { fileNameRaw, extraFields, generalPurposeBitFlag: flags } = entry;
  const isPlain = extraFields.every(({ id }) => id !== UNICODE_PATH) && isUtf8(fileNameRaw);
  return isPlain
    ? fileNameRaw.toString()
    : getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
}
