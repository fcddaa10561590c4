/** Column names that a table can have: present, unique without regard to case, of bounded length. */

const MAX_NAME_LENGTH = 200;
/** What DuckDB calls the place of a row when it reads Parquet: it refuses files that have such a column. */
const RESERVED = ['file_row_number'];

/** Gives one name for each original; the originals are kept beside them in the catalog. */
export function uniqueNames(originals: readonly string[]): string[] {
  const taken = new Set<string>(RESERVED);
  return originals.map((original, index) => {
    const cleaned = original.replaceAll(/\p{Cc}+/gu, ' ').trim();
    const base = cleaned === '' ? `column_${index + 1}` : cleaned.slice(0, MAX_NAME_LENGTH);
    let name = base;
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${base}_${copy}`;
    taken.add(name.toLowerCase());
    return name;
  });
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
