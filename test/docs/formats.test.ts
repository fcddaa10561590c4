/** The table of formats names every format that is read, and the checks that judge them. */
import { expect, test } from 'vitest';
import { TABLE_FORMATS } from '../../src/config/files.js';
import { read, section, tableRows } from '../helpers/markdown.js';

const rows = tableRows(section(read('docs/formats.md'), '## Read'));
/** Formats by a word of their row, where it is not their own name. */
const WORDS: Readonly<Record<string, string>> = {
  ...{ csv: 'text with columns', ndjson: 'JSON Lines', workbook: 'workbooks' },
};

test.each(TABLE_FORMATS)('docs/formats.md has a row for %s', (format) => {
  const word = (WORDS[format] ?? format.replace('_', ' ')).toLowerCase();
  expect(rows.filter(([content]) => content!.toLowerCase().includes(word))).not.toEqual([]);
});

test.each(TABLE_FORMATS)('docs/configuration.md says that %s can be pinned', (format) => {
  const keys = tableRows(
    section(read('docs/configuration.md'), '#### `datasets.<name>.files.<pattern>:`'),
  );
  expect(keys.find(([key]) => key === '`format`')![1]).toContain(`\`${format}\``);
});

test('each row says who judges it; the checks are there, and use the readers that are named', () => {
  for (const [content, , , , judged] of rows) {
    const checks = [...judged!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
    if (checks.length === 0) {
      expect(judged, content).toMatch(/^(as above|in tests alone)/);
      continue;
    }
    const code = checks.map((name) => read(`conformance/checks/${name}.py`)).join('\n');
    const readers = judged!.split(': ')[1]!.split(', ');
    for (const reader of readers) {
      const module = reader.replace('liac-arff', 'arff').replaceAll('-', '_');
      expect(code, `${content}: ${reader}`).toMatch(new RegExp(`^(import|from) ${module}\\b`, 'm'));
    }
  }
});
