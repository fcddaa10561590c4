/** One configuration out of its files: defaults go under the entries, and every entry is checked whole. */
import { setImmediate as otherWork } from 'node:timers/promises';
import type { z } from 'zod';
import type { ConfigFile } from './config-file.js';
import { configFileSchema, datasetsSchema, type DatasetEntry, type Settings } from './datasets.js';
import { list } from './list.js';
import { problemsOf, type Path, type Problem } from './problems.js';

/** Checked in one go: some milliseconds, between which the process does its other work. */
const SLICE = 250;

type Keys = Readonly<Record<string, unknown>>;

export interface FileProblem extends Problem {
  readonly file: ConfigFile;
}

export interface Assembled {
  /** Absent with problems. */
  readonly config?: { readonly settings: Settings; readonly datasets: Map<string, DatasetEntry> };
  readonly problems: readonly FileProblem[];
}

/** @param files - good YAML; the main one first */
export async function assemble(files: readonly ConfigFile[]): Promise<Assembled> {
  const problems: FileProblem[] = [];
  const datasets = new Map<string, DatasetEntry>();
  const definedIn = new Map<string, ConfigFile>();
  const main = keysOf(files[0]?.value);
  let settings: Settings | undefined;

  for (const [index, file] of files.entries()) {
    const tell = (issues: readonly z.core.$ZodIssue[], at: Path = []): void => {
      const placed = issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] }));
      problems.push(...placed.flatMap(problemsOf).map((problem) => ({ ...problem, file })));
    };
    const own = keysOf(file.value);
    const frame = configFileSchema.safeParse(frameOf(file.value ?? {}), { reportInput: true });
    if (!frame.success) tell(frame.error.issues);
    if (index === 0) settings = frame.data?.config;
    else problems.push(...misplaced(own).map((problem) => ({ ...problem, file })));

    const defaults = { ...keysOf(main['defaults']), ...keysOf(own['defaults']) };
    const byDomain = { ...keysOf(main['domain_defaults']), ...keysOf(own['domain_defaults']) };
    const entries = Object.entries(keysOf(own['datasets']));
    for (let start = 0; start < entries.length; start += SLICE) {
      const slice: Record<string, unknown> = {};
      for (const [name, entry] of entries.slice(start, start + SLICE)) {
        const first = definedIn.get(name);
        if (first) problems.push({ file, path: ['datasets', name], text: twice(name, first) });
        definedIn.set(name, file);
        const value = isKeys(entry) ? withDefaults(entry, defaults, byDomain) : entry;
        Object.defineProperty(slice, name, { value, enumerable: true });
      }
      const result = datasetsSchema.safeParse(slice, { reportInput: true });
      if (!result.success) tell(result.error.issues, ['datasets']);
      for (const [name, entry] of Object.entries(result.data ?? {})) {
        datasets.set(name, { ...entry, name });
      }
      await otherWork();
    }
  }
  if (problems.length > 0 || !settings) return { problems };
  return { problems, config: { settings, datasets } };
}

/** All of a file but its entries. One that includes others, or is included, may do without entries of its own. */
function frameOf(value: unknown): unknown {
  if (!isKeys(value)) return value;
  const { datasets } = value;
  if (isKeys(datasets)) return { ...value, datasets: {} };
  const isOptional = 'include' in value || 'domain_defaults' in value || 'defaults' in value;
  return datasets === undefined && isOptional ? { ...value, datasets: {} } : value;
}

/** Nearer wins: the entry over its domains, a later domain over an earlier one, all of them over `defaults:`. */
function withDefaults(entry: Keys, defaults: Keys, byDomain: Keys): Keys {
  const domain = entry['domain'] ?? defaults['domain'];
  // Each refusal would be an error with its stack.
  const domains = domain === undefined ? [] : (list.safeParse(domain).data ?? []);
  const ofDomains = domains.map((domain) =>
    Object.hasOwn(byDomain, domain) ? keysOf(byDomain[domain]) : {},
  );
  return Object.assign({}, defaults, ...ofDomains, entry) as Keys;
}

function misplaced(own: Keys): Problem[] {
  return ['config', 'include']
    .filter((key) => key in own)
    .map((key) => ({
      path: [key],
      text: `expected "${key}" only in the file that includes this one`,
    }));
}

function twice(name: string, { path }: ConfigFile): string {
  return `expected each name once, found a second "${name}"; the first is in ${path}`;
}

function keysOf(value: unknown): Keys {
  return isKeys(value) ? value : {};
}

function isKeys(value: unknown): value is Keys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
