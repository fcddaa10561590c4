/** A workbook that is a compound file (.xls), before SheetJS has it: that one follows a chain without an end for ever, and believes every count. */
import { ImportError } from '../../../errors/index.js';

/** Layout: [MS-CFB] 2.2, Compound File Header; a directory entry is 2.6.1. */
const SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEADER = { sectorShift: 30, directory: 48, difat: 68, fat: 76, bytes: 512 };
const ENTRY = { bytes: 128, type: 66, links: [68, 72, 76], size: 120 };
/** The first letter of names of property sets: [MS-OLEPS] 2.23. */
const PROPERTY_SET = 0x05;
/** A file whose sectors stand in order is held once; in any other order SheetJS holds ends of chains again and again. */
const MOST_COPIES = 8;

/**
 * Proves that chains and directory end, and empties what no table has: entries that are not in use, the document's properties
 * (author, title).
 * @param bytes Changed in place; what is no compound file is left to its reader.
 * @throws FORMAT_UNREADABLE a chain of sectors, or the tree of the directory, that comes back to itself
 */
export function tameCompoundFile(bytes: Buffer, place: string): void {
  if (bytes.length < HEADER.bytes || !bytes.subarray(0, 8).equals(SIGNATURE)) return;
  const refuse = (found: string): never => {
    const expected = 'a workbook whose sectors follow each other to an end';
    const nextStep = 'Open it in Excel or LibreOffice, and save it as .xlsx.';
    throw new ImportError('FORMAT_UNREADABLE', { place, expected, found, nextStep });
  };
  const shift = bytes.readUInt16LE(HEADER.sectorShift);
  if (shift !== 9 && shift !== 12) return;
  const sectorBytes = 2 ** shift;
  const count = Math.ceil(bytes.length / sectorBytes) - 1;
  const next = nextSectors(bytes, sectorBytes, count);
  const first = bytes.readInt32LE(HEADER.directory);
  const sectors = sectorsOfChains(next, first);
  if (sectors === undefined) return refuse('sectors that come back to themselves');
  if (sectors > MOST_COPIES * count) return refuse('sectors that share their ends');
  const entries: Buffer[] = [];
  for (let sector = first; sector >= 0 && sector < count; sector = next[sector]!) {
    const end = Math.min((sector + 2) * sectorBytes, bytes.length);
    for (let at = (sector + 1) * sectorBytes; at + ENTRY.bytes <= end; at += ENTRY.bytes)
      entries.push(bytes.subarray(at, at + ENTRY.bytes));
  }
  // What is not in use may be full of zeros, which SheetJS takes for the root.
  for (const entry of entries)
    if (entry[ENTRY.type] === 0) for (const link of ENTRY.links) entry.writeInt32LE(-1, link);
  if (!isForest(entries)) refuse('a directory that comes back to itself');
  for (const entry of entries) if (entry[0] === PROPERTY_SET) entry.fill(0, ENTRY.size);
}

/** Of each sector the one behind it, as the FAT has it; below 0 for the last, and where the FAT ends. */
function nextSectors(bytes: Buffer, sectorBytes: number, count: number): Int32Array {
  const next = new Int32Array(count).fill(-1);
  const perSector = sectorBytes / 4;
  const read = (sector: number, index: number): number => {
    const at = (sector + 1) * sectorBytes + 4 * index;
    return sector < 0 || at + 4 > bytes.length ? -1 : bytes.readInt32LE(at);
  };
  const fat: number[] = [];
  for (let at = HEADER.fat; at < HEADER.bytes && bytes.readInt32LE(at) >= 0; at += 4)
    fat.push(bytes.readInt32LE(at));
  // The last place of a sector of the DIFAT names the one behind it.
  let difat = bytes.readInt32LE(HEADER.difat);
  for (let left = count; difat >= 0 && left > 0 && fat.length * perSector < count; left -= 1) {
    for (let index = 0; index < perSector - 1; index += 1) fat.push(read(difat, index));
    difat = read(difat, perSector - 1);
  }
  for (let sector = 0; sector < count; sector += 1)
    next[sector] = read(fat[Math.floor(sector / perSector)] ?? -1, sector % perSector);
  return next;
}

/**
 * @returns How many sectors the chains have together that begin where no earlier one has passed, in SheetJS's order; `undefined` when one has no end
 */
function sectorsOfChains(next: Int32Array, first: number): number | undefined {
  const count = next.length;
  /** Of the chain from each sector on; 0 not seen, -1 being followed. */
  const lengths = new Int32Array(count);
  let sectors = 0;
  for (let turn = 0; turn < count; turn += 1) {
    const start = (turn + Math.max(first, 0)) % count;
    if (lengths[start] !== 0) continue;
    const chain: number[] = [];
    let at = start;
    for (; at >= 0 && at < count && lengths[at] === 0; at = next[at]!) {
      lengths[at] = -1;
      chain.push(at);
    }
    let length = at >= 0 && at < count ? lengths[at]! : 0;
    if (length < 0) return undefined;
    for (const sector of chain.reverse()) lengths[sector] = length += 1;
    sectors += length;
  }
  return sectors;
}

/** Every entry of the directory is reached once: no child is shared, and none is its own ancestor. */
function isForest(entries: readonly Buffer[]): boolean {
  const children = entries.map((entry) =>
    ENTRY.links.map((link) => entry.readInt32LE(link)).filter((other) => other >= 0),
  );
  const reached = new Set(children.flat());
  if (reached.size < children.flat().length) return false;
  const waiting = [...entries.keys()].filter((entry) => !reached.has(entry));
  let seen = 0;
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    seen += 1;
    waiting.push(...(children[entry] ?? []));
  }
  // What a ring has is reached, but from nowhere outside.
  return seen >= entries.length;
}
