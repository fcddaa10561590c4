/** Links between documents lead somewhere, and the decisions are all in their index. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { read, root } from '../helpers/markdown.js';

/** Tracked or about to be, so that whatever lies about in a checkout does not count. */
const documents = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md'],
  { cwd: root, encoding: 'utf8' },
)
  .trim()
  .split('\n')
  .filter((file) => existsSync(join(root, file)));

/** Targets of all links and images outside of code. */
function linksOf(text: string): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
}

/** How GitHub names the anchor of a heading. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(documents)('the links of %s resolve', (document) => {
  for (const target of linksOf(read(document))) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const file = path === '' ? join(root, document) : resolve(root, dirname(document), path!);
    expect(relative(root, file), target).not.toMatch(/^\.\./);
    expect(existsSync(file), `${document}: ${target}`).toBe(true);
    if (anchor === undefined) continue;
    expect(statSync(file).isFile(), target).toBe(true);
    expect(anchorsOf(read(relative(root, file))), target).toContain(anchor);
  }
});

test('README.md leads to every document', () => {
  const linked = linksOf(read('README.md')).map((target) => target.split('#')[0]);
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  for (const name of docs) expect(linked).toContain(`docs/${name}`);
});

const decisions = readdirSync(join(root, 'docs', 'adr')).filter((name) => name !== 'README.md');

test('every decision is in the index under its title, in the order of the numbers', () => {
  const index = [...read('docs/adr/README.md').matchAll(/^- \[(\d+)\]\((.*)\) (.*)$/gm)].map(
    ([, number, file, title]) => ({ number, file, title }),
  );
  const written = decisions.sort().map((file) => {
    const [, title] = /^# (?:\d+\.? )?(.*)$/m.exec(read(`docs/adr/${file}`)) ?? [];
    return { number: file.slice(0, 4), file, title };
  });
  expect(index).toEqual(written);
  expect(new Set(index.map(({ number }) => number)).size).toBe(index.length);
});

test.each(decisions)('decision %s says why, what and at which price', (file) => {
  expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
  const headings = [...read(`docs/adr/${file}`).matchAll(/^## (.*)$/gm)].map(([, text]) => text);
  expect(headings.length).toBeGreaterThanOrEqual(3);
  expect(headings).toContainEqual(expect.stringMatching(/decision/i));
});
