/** Tables and pictures of what was measured show the figures of the stored records, to everybody who reads them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { read, root } from '../helpers/markdown.js';

interface Shown {
  readonly seconds: number;
  readonly name?: string;
  readonly datasetsPerMinute?: number;
}

const results = join(root, 'bench', 'results');
const pictures = readdirSync(join(root, 'docs', 'pictures')).map((file) => `docs/pictures/${file}`);

/** The record's own figures, by what it measures. */
function recorded(record: string): Shown[] {
  const text = readFileSync(join(results, `${record}.json`), 'utf8');
  const { contenders, nights, sizes } = JSON.parse(text) as Record<string, Shown[] | undefined>;
  return contenders ?? nights ?? sizes ?? [];
}

/** The generated part of a document, with its pictures behind it. */
const blocks = ['performance.md', 'scaling.md'].flatMap((document) =>
  [...read(`docs/${document}`).matchAll(/<!-- bench-(\S+) -->([\s\S]*?)<!-- \/bench-\1 -->/g)].map(
    ([, record, block]) => ({ record: record!, block: block! }),
  ),
);

test.each(blocks)('$record: table and pictures have the figures of the record', (one) => {
  if (!existsSync(join(results, `${one.record}.json`))) {
    expect(one.block.trim()).toBe('');
    return;
  }
  const shown = recorded(one.record);
  expect(shown.length).toBeGreaterThan(0);
  const files = [...one.block.matchAll(/\((pictures\/\S+\.svg)\)/g)].map(([, file]) => file!);
  const drawn = files.map((file) => read(`docs/${file}`)).join('\n');
  for (const { name, seconds, datasetsPerMinute } of shown) {
    expect(one.block).toContain(String(seconds));
    if (name !== undefined) expect(one.block).toContain(name);
    if (datasetsPerMinute !== undefined) expect(drawn).toContain(`>${datasetsPerMinute}</text>`);
    else if (name !== undefined && files.length > 0)
      expect(drawn).toContain(`>${seconds} s</text>`);
  }
});

test('every record is shown, and every picture is of a record', () => {
  const records = readdirSync(results).map((file) => file.replace('.json', ''));
  expect(blocks.map(({ record }) => record)).toEqual(expect.arrayContaining(records));
  const shown = blocks.flatMap(({ block }) => block.match(/pictures\/\S+\.svg/g) ?? []);
  expect(pictures.map((file) => file.replace('docs/', '')).sort()).toEqual(shown.sort());
});

test.each(pictures)('%s is told to those who do not see it, and fits its frame', (file) => {
  const svg = read(file);
  expect(XMLValidator.validate(svg)).toBe(true);
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
  const parsed = parser.parse(svg) as { svg: Svg };
  const { title, desc, viewBox, text, role } = parsed.svg;
  expect(role).toBe('img');
  expect(parsed.svg['aria-labelledby']).toBe(`${title.id} ${desc.id}`);
  expect(title['#text'].length).toBeGreaterThan(10);
  expect(desc['#text']).toMatch(/\d/);
  const [, , width, height] = viewBox.split(' ').map(Number);
  for (const { x, y, 'text-anchor': anchor = 'start', '#text': words } of text) {
    const long = 6.5 * String(words).length;
    const left = Number(x) - { start: 0, middle: long / 2, end: long }[anchor];
    expect(left, String(words)).toBeGreaterThanOrEqual(0);
    expect(left + long, String(words)).toBeLessThanOrEqual(width!);
    expect(Number(y)).toBeLessThanOrEqual(height!);
  }
});

interface Svg {
  readonly title: { readonly id: string; readonly '#text': string };
  readonly desc: { readonly id: string; readonly '#text': string };
  readonly text: readonly {
    readonly x: string;
    readonly y: string;
    readonly 'text-anchor'?: 'start' | 'middle' | 'end';
    readonly '#text': string | number;
  }[];
  readonly viewBox: string;
  readonly role: string;
  readonly 'aria-labelledby': string;
}

test.each(pictures)('the words of %s can be read in light and in dark', (file) => {
  const [, style] = /<style>(.*)<\/style>/.exec(read(file))!;
  const [light, dark] = style!.split('@media (prefers-color-scheme:dark)');
  for (const colours of [light!, dark!]) {
    const colourOf = (kind: string): string =>
      new RegExp(`(?:^|[}{])${kind}\\{[^}]*?(?:fill|stroke):(#[0-9a-f]{6})`).exec(colours)![1]!;
    const ground = colourOf('\\.ground');
    expect(contrast(colourOf('text'), ground)).toBeGreaterThan(7);
    expect(contrast(colourOf('\\.quiet'), ground)).toBeGreaterThan(4.5);
    // What is written within a bar has the colour of the ground.
    for (let at = 0; at < 8; at += 1)
      expect(contrast(ground, colourOf(`\\.f${at}`)), `series ${at}`).toBeGreaterThan(4.5);
  }
});

/** As WCAG 2.2 has it. */
function contrast(one: string, other: string): number {
  const [darker, lighter] = [one, other].map(luminance).sort((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
