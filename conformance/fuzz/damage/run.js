/**
 * Damages real files of every format and reads them: `node conformance/fuzz/damage/run.js [--files N] [--seed N]
 * [--only EXTENSION] [--keep FOLDER]`. Each must be read, left out or refused with a code, within ten seconds and in a process that
 * lives on; what is not is told with its seed, and kept.
 */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { parseArgs } from 'node:util';
import { chanceOf, damaged } from './mutations.js';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    only: { type: 'string' },
    sources: { type: 'string', multiple: true, default: [] },
    keep: { type: 'string', default: '' },
  },
});
const ROOT = join(import.meta.dirname, '..', '..', '..');
const SOURCES = ['test/corpus', 'samples/exai-samples'].map((folder) => join(ROOT, folder));
const NOT_HERE = new Set([
  'csv',
  'tsv',
  'tab',
  'txt',
  'dat',
  'tbl',
  'md',
  'png',
  'yaml',
  'gz',
  'parquet',
  '',
]);
/** As a person would wait for a file of some kilobytes on a busy machine. */
const MOST_MS = 10_000;
const MOST_BYTES = 300_000;
/** What a damaged file may be refused by. */
const CODES = /^(FORMAT_UNREADABLE|ENCODING_UNDECODABLE|ARCHIVE_\w+|RECORD_TOO_LONG)$/;

const sources = [...SOURCES, ...values.sources].flatMap(filesBelow);
const byFormat = grouped(sources);
const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
const counts = { files: 0, read: 0, skipped: 0, refused: 0 };
const faults = [];
let reader = start();
try {
  const formats = [...byFormat.keys()].sort();
  for (let number = 0; number < Number(values.files); number += 1) {
    const chance = chanceOf(Number(values.seed) * 100_003 + number);
    // Every format as often as any other, however many files there are of it.
    const files = byFormat.get(formats[number % formats.length]);
    const source = files[Math.floor(chance() * files.length)];
    const { bytes, done } = damaged(readFileSync(source), chance);
    const file = join(folder, `${number}${extname(source)}`);
    writeFileSync(file, bytes);
    judge(await ask(file), { source, done, file, number });
    rmSync(file);
  }
} finally {
  reader.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}
console.log(JSON.stringify({ seed: values.seed, formats: [...byFormat.keys()].length, ...counts }));
for (const fault of faults) console.log(JSON.stringify(fault));
console.log(`${counts.files - faults.length} passed, ${faults.length} failed`);
process.exitCode = faults.length > 0 || counts.files === 0 ? 1 : 0;

function judge(outcome, { source, done, file, number }) {
  counts.files += 1;
  if (outcome.skipped !== undefined) counts.skipped += 1;
  else if (outcome.records !== undefined) counts.read += 1;
  else if (CODES.test(outcome.code)) counts.refused += 1;
  else {
    faults.push({ number, source: source.slice(ROOT.length + 1), done, ...outcome });
    if (values.keep === '') return;
    mkdirSync(values.keep, { recursive: true });
    copyFileSync(file, join(values.keep, `${values.seed}-${number}${extname(file)}`));
  }
}

/** A process of its own: one that dies or hangs is a fault, and another goes on. */
function start() {
  const script = join(import.meta.dirname, 'read.js');
  const child = spawn(process.execPath, ['--max-old-space-size=954', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // It may have died before it is asked.
  child.stdin.on('error', () => undefined);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function ask(file) {
  const { child, lines } = reader;
  let timer;
  const tooLong = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ code: `hangs for ${MOST_MS / 1000} seconds` }), MOST_MS);
  });
  child.stdin.write(`${file}\n`);
  const answered = lines
    .next()
    .then(({ done, value }) => (done ? { code: 'the process has died' } : JSON.parse(value)));
  const outcome = await Promise.race([answered, tooLong]);
  clearTimeout(timer);
  if (/^(hangs|the process)/.test(outcome.code ?? '')) {
    child.kill('SIGKILL');
    reader = start();
  }
  return outcome;
}

function filesBelow(path) {
  const all = readdirSync(path, { recursive: true }).map((name) => join(path, name));
  return all.filter((file) => {
    const extension = extensionOf(file);
    if (NOT_HERE.has(extension)) return false;
    if (values.only && extension !== values.only) return false;
    const about = statSync(file);
    return about.isFile() && about.size > 0 && about.size < MOST_BYTES;
  });
}

function extensionOf(file) {
  return extname(file).slice(1).toLowerCase();
}

function grouped(files) {
  const groups = new Map();
  for (const file of files)
    groups.set(extensionOf(file), [...(groups.get(extensionOf(file)) ?? []), file]);
  return groups;
}
