/** Column names that a table can have: present, unique without regard to case, of bounded length. */
import { firstCharacters } from '../../../first-characters.js';

const MAX_NAME_LENGTH = 200;
/** What DuckDB calls the place of a row when it reads Parquet: it refuses files that have such a column. */
const RESERVED = ['file_row_number'];

/** Gives one name for each original; the originals are kept beside them in the catalog. */
export function uniqueNames(originals: readonly string[]): string[] {
  const taken = new Set<string>(RESERVED);
  const copies = new Map<string, number>();
  return originals.map((original, index) => {
    const cleaned = original.replaceAll(/\p{Cc}+/gu, ' ').trim();
    const base = cleaned === '' ? `column_${index + 1}` : cut(cleaned);
    let name = base;
    // Counted on, so that thousands of equal names are no thousands of tries each.
    let copy = copies.get(base.toLowerCase()) ?? 1;
    while (taken.has(name.toLowerCase())) name = `${base}_${(copy += 1)}`;
    copies.set(base.toLowerCase(), copy);
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Never within a character. */
function cut(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : firstCharacters(name, MAX_NAME_LENGTH).trim();
}

/** Names that differ already and stay as they are, but for those that DuckDB keeps for itself. */
export function besideReserved(names: readonly string[]): string[] {
  const taken = new Set([...RESERVED, ...names.map((name) => name.toLowerCase())]);
  return names.map((original) => {
    if (!RESERVED.includes(original.toLowerCase())) return original;
    let name = original;
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${original}_${copy}`;
    return name;
  });
}
