/** The generated tables are what the code has. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentVariables } from '../../src/config/environment.js';
import { errorTable } from '../../src/errors/index.js';
import { NAMED_SOURCES } from '../../src/source/named.js';
import { firstCells, read, root, section, tableRows, unquoted } from '../helpers/markdown.js';

test('docs/errors.md has every code with its summary and next step, and no other', () => {
  const rows = tableRows(read('docs/errors.md'));
  const documented = rows.map(([code, summary, retried, exit, nextStep]) => [
    unquoted(code!),
    { summary, retryable: retried === 'yes', exitCode: Number(exit), nextStep },
  ]);
  expect(Object.fromEntries(documented)).toEqual(errorTable);
});

test('every summary and next step is a sentence a person can act on', () => {
  for (const [code, { summary, nextStep }] of Object.entries(errorTable)) {
    expect(summary, code).toMatch(/^[A-Z`].*[^.]$/);
    expect(nextStep, code).toMatch(/^[A-Z`].*[.!]$/s);
  }
});

test('docs/configuration.md has every environment variable, and no other', () => {
  const names = firstCells(section(read('docs/configuration.md'), '## Environment variables'));
  expect(names).toEqual(environmentVariables.map(({ name }) => name));
});

test('docs/sources.md has every kind of source, by the key that names it, and no other', () => {
  const rows = tableRows(section(read('docs/sources.md'), '# Sources'));
  const named = NAMED_SOURCES.map(({ kind }) => kind);
  expect(new Set(rows.map(([kind]) => unquoted(kind!)))).toEqual(
    new Set(['kaggle', 'competition', ...named]),
  );
  for (const { kind, keys } of NAMED_SOURCES) {
    expect(Object.keys(keys.shape)[0]).toBe(kind);
    const spellings = rows.filter(([first]) => unquoted(first!) === kind);
    for (const [, spelling] of spellings) expect(spelling).toContain(`source: {${kind}: `);
  }
});

test('`npm run docs` has nothing to write', () => {
  const script = join(root, 'scripts', 'docs.js');
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
