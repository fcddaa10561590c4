/** What the docs list is what the code has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { datasetFields, settingsSchema } from '../../src/config/datasets.js';
import { environmentVariables } from '../../src/config/environment.js';
import { errorTable } from '../../src/errors/index.js';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** First cells of all table rows, without their back-ticks. */
function firstCells(text: string): string[] {
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((m) => m[1]!));
}

function section(text: string, heading: string): string {
  const start = text.indexOf(heading);
  expect(start, heading).toBeGreaterThanOrEqual(0);
  const end = text.indexOf('\n#', start + heading.length);
  return text.slice(start, end === -1 ? undefined : end);
}

test('docs/errors.md has every code with its summary and next step, and no other', () => {
  const docs = read('docs/errors.md');
  expect(firstCells(docs).sort()).toEqual(Object.keys(errorTable).sort());
  for (const [code, { summary, nextStep }] of Object.entries(errorTable)) {
    const row = docs.split('\n').find((line) => line.startsWith(`| \`${code}\``));
    expect(row).toContain(summary);
    expect(row).toContain(nextStep.replaceAll('|', '\\|'));
  }
});

test('every summary and next step is a sentence a person can act on', () => {
  for (const [code, { summary, nextStep }] of Object.entries(errorTable)) {
    expect(summary, code).toMatch(/^[A-Z`].*[^.]$/);
    expect(nextStep, code).toMatch(/^[A-Z`].*[.!]$/s);
  }
});

test('docs/configuration.md has every environment variable, and no other', () => {
  const cells = firstCells(section(read('docs/configuration.md'), '## Environment variables'));
  expect(cells.sort()).toEqual(environmentVariables.map(({ name }) => name).sort());
});

test('docs/configuration.md has every configuration key, and no other', () => {
  const docs = read('docs/configuration.md');
  expect(firstCells(section(docs, '### `config:`')).sort()).toEqual(
    Object.keys(settingsSchema.shape).sort(),
  );
  expect(firstCells(section(docs, '### `datasets:`')).sort()).toEqual(
    Object.keys(datasetFields.shape).sort(),
  );
});

test('README.md lists every make target, and no other', () => {
  const targets = [...read('Makefile').matchAll(/^([a-z-]+):.*## /gm)].map((match) => match[1]!);
  const listed = [...read('README.md').matchAll(/`make ([a-z-]+)[^`]*`/g)].map(
    (match) => match[1]!,
  );
  for (const target of targets) expect(listed).toContain(target);
  for (const target of listed) expect(targets).toContain(target);
});

test('.env.example names only variables that exist', () => {
  const named = [...read('.env.example').matchAll(/^#?\s*([A-Z][A-Z0-9_]+)=/gm)].map(
    (match) => match[1]!,
  );
  const known = environmentVariables.map(({ name }) => name);
  for (const name of named) expect(known).toContain(name);
});
