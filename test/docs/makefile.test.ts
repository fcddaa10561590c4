/** The seed's make targets exist, each calls one verb, and README.md describes every target. */
import { execFileSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { read, root, section, tableRows, unquoted } from '../helpers/markdown.js';

const helpTexts = new Map(
  [...read('Makefile').matchAll(/^([a-z-]+):.*?## (.*)$/gm)].map(([, target, text]) => [
    target!,
    text!,
  ]),
);
let verbs: string[];

beforeAll(() => {
  const help = kaggleImport('--help');
  const commands = help.slice(help.indexOf('Commands:'));
  verbs = [...commands.matchAll(/^ {2}([a-z]+)/gm)].map(([, verb]) => verb!);
});

function kaggleImport(...args: string[]): string {
  return execFileSync(process.execPath, ['dist/client.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

/** What make would run, a line a command, when everything is installed and built. */
function recipe(target: string, ...variables: string[]): string[] {
  const built = ['-o', 'install', '-o', 'node_modules/.package-lock.json'];
  const args = ['--no-print-directory', '-n', ...built, target, ...variables];
  return make(...args)
    .trim()
    .split('\n');
}

/** A make that runs these tests must not hand its own flags and variables down. */
function make(...args: string[]): string {
  const inherited = ['MAKEFLAGS', 'MFLAGS', 'MAKEOVERRIDES', 'DATASET', 'Q', 'ACTION'];
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !inherited.includes(name)),
  );
  return execFileSync('make', args, { cwd: root, encoding: 'utf8', env });
}

const SEED: Readonly<Record<string, string>> = {
  'test-auth': 'auth',
  'check-config': 'check',
  'test-services': 'services',
  'list-datasets': 'list',
  'import-all': 'import --all',
  'import-small': 'import --small',
  'import-dataset': 'import student_performance',
  'force-refresh': 'import --all --force',
  status: 'status',
  clean: 'clean',
};

test.each(Object.entries(SEED))('make %s calls one verb', (target, call) => {
  expect(recipe(target, 'DATASET=student_performance')).toEqual([`node dist/client.js ${call}`]);
  expect(verbs).toContain(call.split(' ')[0]);
});

test('make help lists every target; make install builds the command', () => {
  const shown = make('--no-print-directory', 'help');
  for (const [target, text] of helpTexts) {
    expect(shown).toMatch(new RegExp(`^ +make ${target} +\\S`, 'm'));
    expect(shown).toContain(text);
  }
  expect([...helpTexts.keys()]).toEqual(expect.arrayContaining(['help', 'install']));
  expect(kaggleImport('--version')).toMatch(/^\d+\.\d+\.\d+$/m);
});

test('README.md lists every make target in order, its verb and what it does, and no other', () => {
  const rows = tableRows(section(read('README.md'), '## Commands'));
  const described = rows
    .filter((row) => row.length === 3)
    .map(([target, verb, text]) => [unquoted(target!), unquoted(verb!), unquoted(text!)]);
  const expected = [...helpTexts].map(([target, text]) => {
    const [line] = recipe(target);
    const verb = /^node dist\/client\.js (.*)$/.exec(line!.trim())?.[1] ?? '';
    return [target, verb, text];
  });
  expect(described).toEqual(expected);
});

test('README.md has every verb', () => {
  const rows = tableRows(section(read('README.md'), '## Commands'));
  const documented = rows.map(([, verb]) => unquoted(verb!).split(' ')[0]!);
  expect([...new Set(documented.filter((verb) => verbs.includes(verb)))].sort()).toEqual(
    verbs.filter((verb) => verb !== 'help').sort(),
  );
});
