/** Moments in the life of an import that a test can wait for exactly, to kill or cancel there. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FixtureFiles } from '../../src/stack/kaggle-server/index.js';
import { eventually } from './eventually.js';
import type { ImportSite } from './import-site.js';
import { paddedArchive } from './padded-archive.js';

export const ROWS = 150_000;

/** About 7 MB that do not compress away: its conversion takes a while. */
export function people(rows = ROWS): string {
  return once(`${rows} people`, () => makePeople(rows));
}

function makePeople(rows: number): string {
  const lines = ['id,name,score,joined,note'];
  for (let id = 1; id <= rows; id += 1) {
    const mixed = Math.imul(id, 2_654_435_761) >>> 0;
    const day = String((mixed % 28) + 1).padStart(2, '0');
    lines.push(`${id},person ${mixed},${mixed / 1000},2024-03-${day},${mixed.toString(36)}`);
  }
  return `${lines.join('\n')}\n`;
}

const made = new Map<string, unknown>();

/** A test that makes all of it again would keep those beside it from seeing their moment. */
function once<Content>(name: string, make: () => Content): Content {
  if (!made.has(name)) made.set(name, make());
  return made.get(name) as Content;
}

export interface Moment {
  readonly name: string;
  /** Under way at this moment. */
  readonly activity: string;
  /** Whether readers of the catalog see the new version already. */
  readonly committed: boolean;
  /** Whether readers of `current.json` see it. */
  readonly pointed: boolean;
  /** What `people` consists of; for some moments to last, it must be made for it. */
  readonly files: () => FixtureFiles;
  /** Call before the import of `people` starts; gives when the moment has come. */
  readonly reach: (site: ImportSite) => Promise<void>;
}

const csv = (): FixtureFiles => ({ 'people.csv': people() });

const atRequest =
  (pattern: RegExp) =>
  (site: ImportSite): Promise<void> =>
    site.gate.hold(pattern);

export const MOMENTS: readonly Moment[] = [
  {
    name: 'in the middle of the download',
    activity: 'downloadToCache',
    committed: false,
    pointed: false,
    files: csv,
    async reach(site) {
      site.kaggle.faults.add({ kind: 'hang', afterBytes: 300_000 });
      await eventually('a part of the download', () => partialBytes(site) > 0);
    },
  },
  {
    name: 'in the middle of an archive',
    activity: 'unpack',
    committed: false,
    pointed: false,
    files: () => ({
      'people.tar.gz': once('the archive', () => paddedArchive('people.csv', people())),
    }),
    async reach(site) {
      await eventually('the first file of the archive', () => unpackedTable(site));
    },
  },
  {
    name: 'in the middle of the conversion',
    activity: 'convertTable',
    committed: false,
    pointed: false,
    files: csv,
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
    pointed: false,
    files: csv,
    reach: atRequest(/^PUT .*\/people\.parquet/),
  },
  {
    name: 'right before the catalog commits',
    activity: 'publish',
    committed: false,
    pointed: false,
    files: csv,
    reach: atRequest(/^PUT .*\/croissant\.json/),
  },
  {
    name: 'between the commit and the pointer',
    activity: 'writePointer',
    committed: true,
    pointed: false,
    files: csv,
    reach: atRequest(/^PUT .*\/current\.json/),
  },
  {
    name: 'in the middle of the clean-up',
    activity: 'cleanUp',
    committed: true,
    pointed: true,
    files: csv,
    async reach(site) {
      // Not earlier: a download looks through the cache as well.
      await site.gate.hold(/^PUT .*\/current\.json/);
      const swept = site.sweeps.hold();
      site.gate.open();
      await swept;
    },
  },
  {
    name: 'right after the outcome is recorded',
    activity: 'recordOutcome',
    committed: true,
    pointed: true,
    files: csv,
    reach: (site) => site.databaseGate.holdAnswer(/ON CONFLICT \(workflow_id, run_id\) DO UPDATE/),
  },
];

/** The table lies in the work folder, and nothing says yet that it is complete. */
function unpackedTable(site: ImportSite): boolean {
  const files = site.workFiles();
  return (
    files.some((path) => path.endsWith('.csv')) &&
    !files.some((path) => /unpacked\.json$/.test(path))
  );
}

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
