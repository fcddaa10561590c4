/** Turns the path of a table in its dataset into a name that is safe in object keys and unique. */
import { withoutContainerExtension } from './container.js';

const MAX_LENGTH = 120;

/** Other extensions are part of the name: `u.data`, `u.item` and `u.user` are three tables. */
const SAYS_FORMAT =
  /(?<=.)\.(csv|tsv|tab|psv|txt|data|dat|json|geojson|jsonl|ndjson|parquet|pq|xls[xmb]?|ods|dbf|feather|arrow|ipc|arff|dta|xpt|npy|avro|gpkg|sqlite3?|db3?)$/i;

export interface TablePlace {
  /** Of the file in its dataset. */
  readonly path: string;
  /** The table within a file of several: a sheet, a table of a database. */
  readonly inside?: string;
}

/**
 * `[a-z0-9_]` only, folders joined by `__`, the extension dropped: `2021/Sales Data.csv` -> `t_2021__sales_data`.
 * An archive that only wraps its one namesake adds nothing: `train.csv.zip/train.csv` -> `train`.
 */
export function tableName({ path, inside }: TablePlace): string {
  const segments = path.split('/');
  const stem = withoutExtension(segments.pop()!);
  const folders = segments.map(withoutContainerExtension).filter((folder, index) => {
    const isArchive = folder !== segments[index];
    return !(isArchive && withoutExtension(folder).toLowerCase() === stem.toLowerCase());
  });
  const parts = [...folders, stem, ...(inside === undefined ? [] : [inside])].map(slug);
  const name = parts.filter((part) => part !== '').join('__') || 'table';
  const prefixed = /^\d/.test(name) ? `t_${name}` : name;
  return prefixed.slice(0, MAX_LENGTH).replace(/_+$/, '');
}

/** A name for each path, in their order, none of which is `given` already; the suffixes of collisions follow the paths' own order, so they are stable. */
export function uniqueTableNames(
  places: readonly TablePlace[],
  given: readonly string[] = [],
): string[] {
  const paths = places.map(originalPath);
  const taken = new Set<string>(given);
  const names: string[] = [];
  const byPath = [...paths.keys()].sort((a, b) => (paths[a]! < paths[b]! ? -1 : 1));
  for (const index of byPath) {
    const base = tableName(places[index]!);
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    names[index] = name;
  }
  return names;
}

/** `book.xlsx#Sheet1`. */
export function originalPath({ path, inside }: TablePlace): string {
  return inside === undefined ? path : `${path}#${inside}`;
}

function withoutExtension(name: string): string {
  return withoutContainerExtension(name).replace(SAYS_FORMAT, '');
}

/** Letters lose their accents; letters of other scripts become `_`, so a name of only such letters is empty. */
function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
