// Writes the generated parts of docs/: errors, variables, the index of decisions, what was measured, with its pictures. `--check` fails when they are out of date.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as prettier from 'prettier';
import { shownRecords } from '../bench/pictures/records.js';
import { environmentVariables } from '../dist/config/variables.js';
import { errorTable } from '../dist/errors/index.js';

const docs = join(import.meta.dirname, '..', 'docs');

const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

/** A bar would end the cell, even within back-ticks. */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const decisions = readdirSync(join(docs, 'adr'))
  .filter((file) => /^\d{4}-/.test(file))
  .sort()
  .map((file) => {
    const [, title] = /^# (?:\d+\.? )?(.*)$/m.exec(readFileSync(join(docs, 'adr', file), 'utf8'));
    return `- [${file.slice(0, 4)}](${file}) ${title}`;
  });

const tables = {
  'adr/README.md': { decisions },
  'errors.md': {
    errors: [
      '| code | what went wrong | retried | exit | next step |',
      '|---|---|---|---|---|',
      ...Object.entries(errorTable).map(
        ([code, { summary, retryable, exitCode, nextStep }]) =>
          `| \`${code}\` | ${cell(summary)} | ${retryable ? 'yes' : 'no'} | ${exitCode} | ${cell(nextStep)} |`,
      ),
    ],
  },
  'configuration.md': {
    variables: [
      '| variable | default | what it is for |',
      '|---|---|---|',
      ...environmentVariables.map(
        ({ name, description, default: value, secret }) =>
          `| \`${name}\` | ${value === undefined ? '' : `\`${value}\``} | ${cell(description)}${secret ? ' Secret.' : ''} |`,
      ),
    ],
  },
};

const records = shownRecords();
for (const { record, document, lines } of records) {
  tables[document] ??= {};
  tables[document][`bench-${record}`] = lines;
}

let stale = 0;
function write(file, after) {
  const path = join(docs, file);
  if (textOf(path) === after) return;
  if (process.argv.includes('--check')) {
    console.error(`docs/${file} is out of date: run \`npm run docs\`.`);
    stale += 1;
  } else {
    writeFileSync(path, after);
  }
}

mkdirSync(join(docs, 'pictures'), { recursive: true });
for (const { pictures } of records)
  for (const [file, svg] of Object.entries(pictures)) write(join('pictures', file), svg);
for (const [file, parts] of Object.entries(tables)) {
  const path = join(docs, file);
  const before = readFileSync(path, 'utf8');
  let filled = before;
  for (const [name, lines] of Object.entries(parts)) {
    const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!block.test(filled)) throw new Error(`docs/${file} has no place for "${name}".`);
    filled = filled.replace(block, (_all, start, end) => `${start}\n${lines.join('\n')}\n\n${end}`);
  }
  // As the lint wants it, so that writing the tables and formatting them never disagree.
  const options = await prettier.resolveConfig(path);
  write(file, await prettier.format(filled, { ...options, filepath: path }));
}
process.exitCode = stale > 0 ? 1 : 0;
