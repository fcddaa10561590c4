/** docs/configuration.md has the keys and defaults that the schema has, nested ones too. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configFileSchema, datasetFields, settingsSchema } from '../../src/config/datasets.js';
import { read, section, tableRows, unquoted } from '../helpers/markdown.js';

const text = read('docs/configuration.md');

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** Keys by the path of their object. What a user names (a dataset, a column) is `*`; lists leave no trace. */
function keysByPath(
  schema: JsonSchema,
  path = '',
  found = new Map<string, Set<string>>(),
): Map<string, Set<string>> {
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const [key, inner] of Object.entries(properties)) {
    found.set(path, (found.get(path) ?? new Set()).add(key));
    keysByPath(inner, below(key), found);
  }
  if (typeof additionalProperties === 'object') keysByPath(additionalProperties, below('*'), found);
  for (const inner of [...anyOf, ...(items ? [items] : [])]) keysByPath(inner, path, found);
  return found;
}

function sorted(keys: Iterable<string>): string[] {
  return [...keys].sort();
}

const schema = keysByPath(z.toJSONSchema(configFileSchema, { io: 'input' }) as JsonSchema);

/** Headings such as `config.limits:`; a first cell such as `range: { column, min }` has an object of its own. */
const headings = [...text.matchAll(/^#+ `([^`]+):`$/gm)].map(([line, place]) => ({
  heading: line,
  path: place === 'file' ? '' : place!.replaceAll(/<\w+>/g, '*'),
}));

function documentedKeys(): Record<string, string[]> {
  const documented: Record<string, string[]> = {};
  for (const { heading, path } of headings) {
    const cells = tableRows(section(text, heading)).map(([first]) => unquoted(first!));
    documented[path] = sorted(cells.map((cell) => cell.split(':')[0]!));
    for (const cell of cells) {
      const [, key, inner] = /^(\w+): \{ (.*) \}$/.exec(cell) ?? [];
      if (key !== undefined) documented[`${path}.${key}`] = sorted(inner!.split(', '));
    }
  }
  return documented;
}

/** `defaults:`, and what is pinned for a file, take the keys of a dataset, as their rows say. */
const COPIED = /^(domain_)?defaults|^datasets\.\*\.files\.\*\./;

test('every key of the schema, and no other', () => {
  const ofDatasets = [...schema].filter(([path]) => !COPIED.test(path));
  expect(documentedKeys()).toEqual(
    Object.fromEntries(ofDatasets.map(([path, keys]) => [path, sorted(keys)])),
  );
});

test('a file takes the keys that its dataset has', () => {
  for (const place of ['csv', 'columns.*'])
    expect(schema.get(`datasets.*.files.*.${place}`)).toEqual(schema.get(`datasets.*.${place}`));
});

test('`defaults:` takes the keys of a dataset, as its row says', () => {
  for (const [path, keys] of schema) {
    if (!path.startsWith('datasets.*')) continue;
    expect(schema.get(path.replace('datasets.*', 'defaults'))).toEqual(keys);
  }
});

/** The object at a path with one key set as the table writes it, read by the schema. */
function readWith(path: string, values: Record<string, unknown>): Record<string, unknown> {
  const inner = path.split('.').at(-1)!;
  if (path === 'config') return settingsSchema.parse(values);
  if (path === 'config.limits') return settingsSchema.parse({ limits: values }).limits;
  if (path === 'config.iceberg') return settingsSchema.parse({ iceberg: values }).iceberg;
  const entry = path === 'datasets.*' ? values : { [inner]: values };
  const read = datasetFields.parse(entry) as Record<string, unknown>;
  return path === 'datasets.*' ? read : (read[inner] as Record<string, unknown>);
}

test('every default is the one that the schema fills in', () => {
  const places = headings.filter(({ heading }) => /\| default/.test(section(text, heading)));
  expect(places.length).toBeGreaterThanOrEqual(4);
  for (const { heading, path } of places) {
    const filled = readWith(path, {});
    for (const [key, written] of tableRows(section(text, heading))) {
      const name = unquoted(key!);
      const described = `${path}.${name}`;
      // An object of its own has its defaults in its own table.
      if (schema.has(described) && typeof filled[name] === 'object' && written === '') continue;
      if (written === '') expect(filled[name], described).toBeUndefined();
      else {
        const value: unknown = parse(unquoted(written!));
        expect(readWith(path, { [name]: value })[name], described).toEqual(filled[name]);
      }
    }
  }
});
