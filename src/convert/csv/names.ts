/** Column names that a table can have: present, unique without regard to case, of bounded length. */

const MAX_NAME_LENGTH = 200;

/** Gives one name for each original; the originals are kept beside them in the catalog. */
export function uniqueNames(originals: readonly string[]): string[] {
  const taken = new Set<string>();
  return originals.map((original, index) => {
    const cleaned = original.replaceAll(/\p{Cc}+/gu, ' ').trim();
    const base = cleaned === '' ? `column_${index + 1}` : cleaned.slice(0, MAX_NAME_LENGTH);
    let name = base;
    for (let copy = 2; taken.has(name.toLowerCase()); copy += 1) name = `${base}_${copy}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
