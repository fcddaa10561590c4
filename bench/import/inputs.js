/** What whole imports are measured with: seeded, so that every run on every machine reads the same bytes. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmarkFile, generator, ROWS_PER_GIGABYTE } from '../convert/dataset.js';

/** Part of the files' names: another generator must not find the files of this one. */
const VERSION = 1;
const BYTES_A_WRITE = 1e6;

const WIDE = { columns: 2_000, rows: 50_000 };
const TEXT_ROWS = 300_000;
const FILES = { files: 200, rows: 10_000 };
const SMALL = { datasets: 35, rows: 50 };
const TINY = { datasets: 1_000, rows: 5 };

/**
 * By name: given the folder where files are kept for all runs, and a scale of the rows, or of the datasets,
 * { datasets: [{ slug, files: [{ name, path, or text }] }], source: the facts that the record tells }.
 */
export const INPUTS = {
  orders: (folder, scale) =>
    oneFile('orders', benchmarkFile(folder, Math.round(ROWS_PER_GIGABYTE * scale))),
  wide: (folder, scale) =>
    oneFile('wide', generated(folder, 'wide', Math.round(WIDE.rows * scale), wideLines), {
      of: `of ${WIDE.columns.toLocaleString('en')} columns`,
    }),
  text: (folder, scale) =>
    oneFile('text', generated(folder, 'text', Math.round(TEXT_ROWS * scale), textLines), {
      of: 'of long texts with line breaks',
    }),
  async files(folder, scale) {
    const path = await benchmarkFile(folder, Math.round(FILES.rows * scale));
    // Each with a line of its own: none can be taken for another.
    const files = Array.from({ length: FILES.files }, (_none, at) => ({
      name: `orders-${at + 1}.csv`,
      text: `${readFileSync(path, 'utf8')}0,file-${at + 1}${',,,,,,,,,,'}\n`,
    }));
    const bytes = FILES.files * statSync(path).size;
    return {
      datasets: [{ slug: 'files', files }],
      source: { bytes, of: `in ${FILES.files} files` },
    };
  },
  async small(folder, scale) {
    const text = readFileSync(await benchmarkFile(folder, SMALL.rows), 'utf8');
    return several(
      'small',
      Math.round(SMALL.datasets * scale),
      SMALL.rows,
      (slug) => `${text}0,${slug}${',,,,,,,,,,'}\n`,
    );
  },
  tiny: async (_folder, scale) =>
    several('tiny', Math.round(TINY.datasets * scale), TINY.rows, tinyTable),
};

async function oneFile(slug, file, more = {}) {
  const path = await file;
  return {
    datasets: [{ slug, files: [{ name: `${slug}.csv`, path }] }],
    source: { bytes: statSync(path).size, ...more },
  };
}

function several(kind, count, rows, textOf) {
  const slugs = Array.from({ length: count }, (_none, at) => `${kind}-${at + 1}`);
  const datasets = slugs.map((slug) => ({
    slug,
    files: [{ name: 'table.csv', text: textOf(slug) }],
  }));
  return { datasets, source: { datasets: count, rows } };
}

function tinyTable(slug) {
  const random = generator(slug.length * 7919 + Number(slug.replace(/\D+/, '')));
  const lines = Array.from(
    { length: TINY.rows },
    (_none, row) => `${row + 1},${slug},${random(1000) / 10}`,
  );
  return `id,name,value\n${lines.join('\n')}\n`;
}

async function generated(folder, name, rows, linesOf) {
  const file = join(folder, `${name}-v${VERSION}-${rows}.csv`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  console.error(`bench: writing ${rows.toLocaleString('en')} rows to ${file}`);
  const output = await open(`${file}.tmp`, 'w');
  try {
    let text = '';
    for (const line of linesOf(rows)) {
      text += line;
      if (text.length < BYTES_A_WRITE) continue;
      await output.write(text);
      text = '';
    }
    await output.write(text);
  } finally {
    await output.close();
  }
  await rename(`${file}.tmp`, file);
  return file;
}

/** Measurements and codes, a quarter of them missing or repeated, as sensors and surveys have them. */
function* wideLines(rows) {
  const random = generator(20_260_102);
  const names = Array.from({ length: WIDE.columns - 1 }, (_none, at) => `m${at + 1}`);
  yield `id,${names.join(',')}\n`;
  for (let row = 1; row <= rows; row += 1) {
    const cells = names.map((_name, at) => {
      const kind = at % 4;
      if (kind === 0) return random(8) === 0 ? '' : random(100);
      if (kind === 1) return random(1_000) / 10;
      if (kind === 2) return `q${random(9)}`;
      return random(2);
    });
    yield `${row},${cells.join(',')}\n`;
  }
}

const WORDS =
  'the parcel came late but whole and the box was dry we asked for blue and got green so what'.split(
    ' ',
  );

/** Reviews of several lines, with quotes, commas and line breaks in them. */
function* textLines(rows) {
  const random = generator(20_260_103);
  yield 'id,stars,title,body,written_on\n';
  for (let row = 1; row <= rows; row += 1) {
    const lines = Array.from({ length: 1 + random(12) }, () => {
      const words = Array.from({ length: 6 + random(20) }, () => WORDS[random(WORDS.length)]);
      return `${words.join(' ')}${random(3) === 0 ? `, ""${WORDS[random(WORDS.length)]}""` : ''}`;
    });
    const day = new Date(Date.UTC(2015, 0, 1) + random(4000) * 86_400_000);
    yield (
      `${row},${1 + random(5)},"No. ${row}, read on",` +
      `"${lines.join('\n')}",${day.toISOString().slice(0, 10)}\n`
    );
  }
}
