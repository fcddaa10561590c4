/** Moments in the life of an import that a test can wait for exactly, to kill or cancel there. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, type ImportSite } from './import-site.js';

export const ROWS = 150_000;

/** About 7 MB that do not compress away: its conversion takes a while. */
export function people(rows = ROWS): string {
  const lines = ['id,name,score,joined,note'];
  for (let id = 1; id <= rows; id += 1) {
    const mixed = Math.imul(id, 2_654_435_761) >>> 0;
    const day = String((mixed % 28) + 1).padStart(2, '0');
    lines.push(`${id},person ${mixed},${mixed / 1000},2024-03-${day},${mixed.toString(36)}`);
  }
  return `${lines.join('\n')}\n`;
}

export interface Moment {
  readonly name: string;
  /** Under way at this moment. */
  readonly activity: string;
  /** Whether readers of the catalog see the new version already. */
  readonly committed: boolean;
  /** Call before the import of `people` starts; gives when the moment has come. */
  readonly reach: (site: ImportSite) => Promise<void>;
}

const atRequest =
  (pattern: RegExp) =>
  (site: ImportSite): Promise<void> =>
    site.gate.hold(pattern);

export const MOMENTS: readonly Moment[] = [
  {
    name: 'in the middle of the download',
    activity: 'downloadToCache',
    committed: false,
    async reach(site) {
      site.kaggle.faults.add({ kind: 'hang', afterBytes: 300_000 });
      await eventually('a part of the download', () => partialBytes(site) > 0);
    },
  },
  {
    name: 'in the middle of the conversion',
    activity: 'convertTable',
    committed: false,
    async reach(site) {
      await eventually('the conversion', async () =>
        (await site.pendingActivities('people').catch((): string[] => [])).includes('convertTable'),
      );
    },
  },
  {
    name: 'while a table is stored',
    activity: 'storeTable',
    committed: false,
    reach: atRequest(/^PUT .*\/people\.parquet/),
  },
  {
    name: 'right before the catalog commits',
    activity: 'publish',
    committed: false,
    reach: atRequest(/^PUT .*\/croissant\.json/),
  },
  {
    name: 'between the commit and the pointer',
    activity: 'writePointer',
    committed: true,
    reach: atRequest(/^PUT .*\/current\.json/),
  },
];

function partialBytes(site: ImportSite): number {
  const cache = join(site.folder, 'one', 'cache');
  const sizes = entries(cache)
    .filter((path) => path.endsWith('.partial'))
    .map((path) => statSync(join(cache, path)).size);
  return Math.max(0, ...sizes);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
