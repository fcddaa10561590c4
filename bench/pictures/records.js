/** What the documents show of the stored records: each table and each picture is made of the same JSON. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table as conversionTable } from '../convert/report.js';
import { table as importTable } from '../import/report.js';
import { bars, stacks } from './bars.js';
import { curves } from './curves.js';
import { batchTable, fleetTable, manyTablesTable, sizeTable } from './tables.js';

const RESULTS = join(import.meta.dirname, '..', 'results');
const OURS = 'kaggle-import';

/**
 * By the record's name: the document that shows it, its table, its pictures by the name of their file.
 * A record that was not taken is not shown.
 */
const SHOWN = {
  convert: {
    document: 'performance.md',
    table: ({ contenders }) => conversionTable(contenders),
    pictures: {
      'convert-seconds': ({ contenders, source }) => seconds('Converting', contenders, source),
    },
  },
  'convert-4gb': {
    document: 'performance.md',
    table: ({ contenders }) => conversionTable(contenders),
  },
  import: {
    document: 'performance.md',
    table: ({ contenders }) => importTable(contenders),
    pictures: {
      'import-seconds': ({ contenders, source }) => seconds('Importing', contenders, source),
      'import-stages': ({ contenders, source }) => stages(contenders, source),
      'import-memory': ({ contenders }) => memory(contenders),
    },
  },
  'import-link': {
    document: 'performance.md',
    table: ({ contenders }) => importTable(contenders),
    pictures: {
      'import-link-seconds': ({ contenders, source }) =>
        seconds(`Over ${source.linkBytesPerSecond / 1e6} MB/s: importing`, contenders, source),
    },
  },
  ...Object.fromEntries(['wide', 'text', 'files', 'small', 'tiny'].map(ofInput)),
  size: {
    document: 'performance.md',
    table: sizeTable,
    pictures: { 'size-memory': sizeMemory },
  },
  batch: { document: 'performance.md', table: batchTable },
  tables: { document: 'performance.md', table: manyTablesTable },
  fleet: {
    document: 'scaling.md',
    table: fleetTable,
    pictures: { 'fleet-throughput': throughput },
  },
};

/** @returns [{ record, document, lines (Markdown), pictures: { [file]: SVG } }] of what was measured */
export function shownRecords(folder = RESULTS) {
  return Object.entries(SHOWN)
    .filter(([record]) => existsSync(join(folder, `${record}.json`)))
    .map(([record, { document, table, pictures = {} }]) => {
      const facts = JSON.parse(readFileSync(join(folder, `${record}.json`), 'utf8'));
      const drawn = Object.entries(pictures).map(([name, draw]) => [`${name}.svg`, draw(facts)]);
      const shown = drawn.map(([file, svg]) => `![${titleOf(svg)}](pictures/${file})`);
      const lines = [taken(facts), '', table(facts), ...shown.flatMap((line) => ['', line])];
      return { record, document, lines, pictures: Object.fromEntries(drawn) };
    });
}

const titleOf = (svg) => /<title[^>]*>([^<]*)</.exec(svg)[1];

/** When, on what, and what else the machine had to do. */
function taken({ measuredAt, machine, contenders, runs = contenders?.[0].runs.length }) {
  const { processor, cores, node, duckdb, loadAverage } = machine;
  const facts = [
    ...(runs ? [`${runs} ${runs === 1 ? 'run' : 'runs'}`] : []),
    ...[`${cores} cores of ${processor}`, `Node ${node.replace('v', '')}`, `DuckDB ${duckdb}`],
    `load ${Math.round(loadAverage[0])} at the end`,
  ];
  return `Taken on ${measuredAt.slice(0, 10)}: ${facts.join(', ')}.`;
}

const sizeOf = ({ bytes, of, rows, datasets }) =>
  bytes === undefined
    ? `${datasets} datasets of ${rows} rows`
    : `${(bytes / 1e9).toPrecision(2)} GB of CSV${of ? ` ${of}` : ''}`;

/** A whole import of another input than the first one. */
function ofInput(input) {
  return [
    `import-${input}`,
    {
      document: 'performance.md',
      table: ({ contenders }) => importTable(contenders),
      pictures: {
        [`import-${input}-seconds`]: ({ contenders, source }) =>
          seconds('Importing', contenders, source),
      },
    },
  ];
}

function seconds(verb, contenders, source) {
  return bars({
    title: `${verb} ${sizeOf(source)}: seconds`,
    unit: 's',
    rows: contenders.map((one) => ({
      name: one.name,
      value: one.seconds,
      // The record of the conversion has its runs alone.
      range:
        one.spread ?? [Math.min, Math.max].map((of) => of(...one.runs.map((run) => run.seconds))),
      own: one.name === OURS,
    })),
  });
}

/** The same work has the same colour, whatever each calls it. Of ours, hashing is part of the download. */
const WORK = {
  download: ['download', 'curl', 'downloading'],
  unpack: ['unzip', 'unpacking'],
  convert: ['convert', 'COPY', 'converting'],
  upload: ['upload'],
  'catalog and proofs of what is stored': ['publishing'],
};
const OTHER = 'command, workflow, cleaning up';

function stages(contenders, source) {
  const workOf = (stage) => Object.keys(WORK).find((work) => WORK[work].includes(stage)) ?? OTHER;
  const rows = contenders
    .filter((one) => Object.keys(one.stages).length > 1)
    .map((one) => {
      const parts = Object.fromEntries([...Object.keys(WORK), OTHER].map((work) => [work, 0]));
      for (const [stage, value] of Object.entries(one.stages)) parts[workOf(stage)] += value;
      const some = Object.entries(parts).filter(([, value]) => value > 0);
      return {
        name: one.name,
        total: one.seconds,
        parts: Object.fromEntries(some.map(([work, value]) => [work, Number(value.toFixed(2))])),
      };
    });
  return stacks({ title: `Where the time goes: ${sizeOf(source)}, seconds`, unit: 's', rows });
}

function memory(contenders) {
  return curves({
    title: 'Memory of all processes over time',
    x: 'seconds, first run',
    y: 'megabytes',
    lines: contenders
      .filter((one) => one.memory && Object.keys(one.stages).length > 1)
      // Ours comes first, and has its colour.
      .sort((one, other) => Number(other.name === OURS) - Number(one.name === OURS))
      .map((one) => ({
        name: one.name,
        points: one.memory.map(([at, bytes]) => [at, Math.round(bytes / 1e6)]),
      })),
  });
}

function sizeMemory({ sizes }) {
  return curves({
    title: 'Memory and disk by size of the table',
    x: 'gigabytes of CSV',
    y: 'megabytes at most',
    lines: [
      ['memory of all processes', 'peakBytes'],
      ['disk besides the cached archive', 'diskBytes'],
    ].map(([name, key]) => ({
      name,
      points: sizes.map((one) => [one.gigabytes, Math.round(one[key] / 1e6)]),
      marked: true,
    })),
  });
}

function throughput({ nights }) {
  const most = nights[0].datasetsPerMinute / nights[0].workers;
  return curves({
    title: 'Datasets a minute by workers with a link each',
    x: 'workers',
    y: 'datasets a minute',
    lines: [
      {
        name: 'measured',
        points: nights.map((night) => [night.workers, night.datasetsPerMinute]),
        marked: true,
      },
      {
        name: 'as many times the first',
        points: nights.map((night) => [night.workers, Number((most * night.workers).toFixed(1))]),
      },
    ],
  });
}
