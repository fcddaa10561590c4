/** Reads `kaggle_datasets_config.yaml`; every problem at once, each with file, line and column. */
import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { ImportError } from '../errors/index.js';
import { systemCode } from '../network/trouble.js';
import { configFileSchema, type DatasetsConfig } from './datasets.js';
import { nearest } from './nearest.js';
import { problemsOf, type Path } from './problems.js';
import { yamlProblems } from './yaml-problems.js';

/**
 * Gives the configuration with `defaults:` applied to every dataset.
 * Throws CONFIG_NOT_FOUND, or CONFIG_INVALID with one line a problem: `file:line:column: what`.
 */
export async function loadDatasetsConfig(file: string): Promise<DatasetsConfig> {
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    const code = systemCode(cause);
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : code;
    throw new ImportError('CONFIG_NOT_FOUND', { place: file, ...(found && { found }), cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const refuse = (problems: readonly { offset: number; text: string }[]): never => {
    const told = [...problems]
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, text }) => {
        const { line, col } = lines.linePos(offset);
        return `${file}:${line}:${col}: ${text}`;
      });
    throw new ImportError('CONFIG_INVALID', {
      found: `${told.length} problem${told.length === 1 ? '' : 's'}\n  ${told.join('\n  ')}`,
    });
  };
  const broken = yamlProblems(document, source, (offset) => lines.linePos(offset).line);
  if (broken.length > 0) return refuse(broken);
  const raw: unknown = document.toJS() ?? {};
  const result = configFileSchema.safeParse(withDefaults(raw), { reportInput: true });
  if (!result.success) {
    const problems = result.error.issues.flatMap(problemsOf);
    return refuse(problems.map(({ path, text }) => ({ offset: offsetOf(document, path), text })));
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
  const near = nearest(name, [...config.datasets.keys()]);
  throw new ImportError('DATASET_UNKNOWN', {
    place: config.file,
    found: `"${name}"`,
    ...(near !== undefined && {
      nextStep: `Did you mean "${near}"? Run \`make list-datasets\` to see all names.`,
    }),
  });
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

/** Where in the file the deepest existing node of a path starts; a key's own place when it is the last. */
function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const segment of path) {
    if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
      continue;
    }
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
