/** Who takes part, and how each is started: every run is a process of its own. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;

/** What peers.py calls them, and what they are. */
const PEERS = {
  pandas: 'pandas',
  'pandas-told': 'pandas, told the types',
  polars: 'polars',
  pyarrow: 'pyarrow.csv',
};

/** The bare COPY is the measure of all others; the peers need Python. */
export function contenders(cacheFolder, python) {
  const node = (script) => [process.execPath, [join(here, script)]];
  const ours = [
    { name: 'DuckDB, bare COPY', command: node('duckdb-copy.js') },
    { name: 'kaggle-import', command: node('kaggle-import.js'), proves: true },
  ];
  const environment = pythonEnvironment(cacheFolder, python);
  const peers = Object.entries(PEERS).map(([argument, name]) => ({
    name,
    command: [join(environment, 'bin', 'python'), [join(here, 'peers.py'), argument]],
  }));
  return [...ours, ...peers];
}

/** One for each list of requirements and each Python; made once for all checkouts of this user. */
export function pythonEnvironment(cacheFolder, python) {
  const requirements = join(here, 'requirements.txt');
  const version = execFileSync(python, ['--version'], { encoding: 'utf8' });
  const key = createHash('sha256').update(readFileSync(requirements)).update(version);
  const folder = join(cacheFolder, 'bench-venv', key.digest('hex').slice(0, 12));
  const marker = join(folder, 'complete');
  if (existsSync(marker)) return folder;
  console.error(`bench: installing the peers into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });
  run(python, ['-m', 'venv', folder]);
  const pip = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
  run(join(folder, 'bin', 'pip'), pip);
  writeFileSync(marker, '');
  return folder;
}
