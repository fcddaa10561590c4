/** Reads `kaggle_datasets_config.yaml`; every problem at once, each with file, line and column. */
import { readFile } from 'node:fs/promises';
import { closest } from 'fastest-levenshtein';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { ImportError } from '../errors/index.js';
import {
  configFileSchema,
  datasetFields,
  settingsSchema,
  type DatasetsConfig,
} from './datasets.js';

type Path = readonly PropertyKey[];

const KNOWN_KEYS = {
  file: ['config', 'defaults', 'datasets'],
  config: Object.keys(settingsSchema.shape),
  dataset: Object.keys(datasetFields.shape),
};

/**
 * Gives the configuration with `defaults:` applied to every dataset.
 * Throws CONFIG_NOT_FOUND, or CONFIG_INVALID with one line a problem: `file:line:column: what`.
 */
export async function loadDatasetsConfig(file: string): Promise<DatasetsConfig> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ImportError('CONFIG_NOT_FOUND', { place: file, cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    refuse(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`));
  }
  const aliases = unknownAliases(document);
  if (aliases.length > 0) {
    refuse(
      aliases.map(
        ({ name, offset }) =>
          `${at(offset)}: no anchor &${name} stands before *${name}; if it is text, put it in quotes: "*${name}"`,
      ),
    );
  }
  const raw: unknown = document.toJS() ?? {};
  const result = configFileSchema.safeParse(withDefaults(raw));
  if (!result.success) {
    refuse(
      result.error.issues.flatMap((issue) => {
        const place = at(offsetOf(document, issue.path));
        return explain(issue).map(({ key, text }) =>
          key === undefined
            ? `${place}: ${text}`
            : `${at(offsetOf(document, [...issue.path, key]))}: ${text}`,
        );
      }),
    );
  }
  const { config, datasets } = result.data;
  const entries = Object.entries(datasets).map(
    ([name, entry]) => [name, { ...entry, name }] as const,
  );
  return { file, settings: config, datasets: new Map(entries) };
}

/** Throws DATASET_UNKNOWN with the nearest configured names when there is no such dataset. */
export function findDataset(
  config: DatasetsConfig,
  name: string,
): NonNullable<ReturnType<DatasetsConfig['datasets']['get']>> {
  const entry = config.datasets.get(name);
  if (entry) return entry;
  const names = [...config.datasets.keys()];
  throw new ImportError('DATASET_UNKNOWN', {
    place: config.file,
    found: `"${name}"`,
    ...(names.length > 0 && {
      nextStep: `Did you mean "${closest(name, names)}"? Run \`make list-datasets\` to see all names.`,
    }),
  });
}

function refuse(problems: readonly string[]): never {
  throw new ImportError('CONFIG_INVALID', {
    found: `${problems.length} problem${problems.length === 1 ? '' : 's'}\n  ${problems.join('\n  ')}`,
  });
}

/** To YAML, the pattern `*.csv` without quotes is an alias. */
function unknownAliases(document: Document): { name: string; offset: number }[] {
  const found: { name: string; offset: number }[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (!alias.resolve(document))
        found.push({ name: alias.source, offset: alias.range?.[0] ?? 0 });
    },
  });
  return found;
}

/** `defaults:` go under every dataset before anything is checked, so a merged entry is checked whole. */
function withDefaults(raw: unknown): unknown {
  if (!isRecord(raw) || !isRecord(raw['defaults']) || !isRecord(raw['datasets'])) return raw;
  const defaults = raw['defaults'];
  const datasets = Object.entries(raw['datasets']).map(([name, entry]) => [
    name,
    isRecord(entry) ? { ...defaults, ...entry } : entry,
  ]);
  return { ...raw, datasets: Object.fromEntries(datasets) as unknown };
}

function explain(issue: z.core.$ZodIssue): { key?: string; text: string }[] {
  const where = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ key, text: unknownKey(key, issue.path) }));
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors
      .flat()
      .map(({ path, message }) => [...path, message].map(String).join(': '));
    return [
      { text: `${where}: none of the accepted forms fits: ${[...new Set(inner)].join('; or ')}` },
    ];
  }
  return [{ text: `${where}: ${issue.message}` }];
}

function unknownKey(key: string, path: Path): string {
  const known =
    path.length === 0
      ? KNOWN_KEYS.file
      : path[0] === 'config' && path.length === 1
        ? KNOWN_KEYS.config
        : (path[0] === 'datasets' && path.length === 2) ||
            (path[0] === 'defaults' && path.length === 1)
          ? KNOWN_KEYS.dataset
          : [];
  const hint = known.length > 0 ? `; did you mean "${closest(key, known)}"?` : '';
  return `unknown key "${key}"${hint}`;
}

/** Where in the file the deepest existing node of a path starts; a key's own place when it is the last. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const segment of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(
      ({ key }) => isScalar(key) && String(key.value) === String(segment),
    );
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
