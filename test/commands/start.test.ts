/** What answers at once loads no more than it needs: nobody waits for the storage clients to read the help. */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { commandRunner } from '../helpers/command.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/** Files that the command has loaded, of its bundle and of packages beside it, as V8 tells at its end. */
async function filesLoadedBy(args: readonly string[]): Promise<string[]> {
  const folder = await temporaryFolder();
  await commandRunner({ NODE_V8_COVERAGE: folder }).run(args);
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const urls = texts.flatMap((text) => (JSON.parse(text) as Coverage).result.map(({ url }) => url));
  const names = urls.filter((url) => url.startsWith('file:')).map((url) => basename(url));
  return [...new Set(names)].sort();
}

test.each([[['--help']], [['--version']], [['no-such-verb']], [['import']]])('%j', async (args) => {
  expect(await filesLoadedBy(args)).toEqual(['client.js', 'errors.js', 'rolldown-runtime.js']);
});

test('a verb loads what it works with', async () => {
  expect(await filesLoadedBy(['list'])).toContain('catalog.js');
});
