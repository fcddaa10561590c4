/** What an import says of the version that it has published or held, or has found there. */
import { log } from '@temporalio/workflow';
import type { ResolvedSource } from '../activities/prepare.js';
import type { ImportResult } from '../contract.js';
import type { HostWork } from '../host-steps.js';
import { someOf } from './warnings.js';

/** Of all tables together. */
const MAX_WARNINGS = 20;
const MAX_APPENDED = 20;

/**
 * Of a version that need not be made; `undefined` when there is something to do.
 * @param own - prefixes of this import: it may have been killed behind its commit, and knows no more of it than others
 */
export function foundResult(
  { pin, current, chosen, held }: ResolvedSource,
  force: boolean,
  own: ReadonlySet<string>,
): Partial<ImportResult> | undefined {
  const { version } = pin;
  if (held && (!force || own.has(held.prefix))) {
    const { drift, ...content } = held;
    return { outcome: 'held', version, warnings: driftWarnings(drift), ...content };
  }
  if (current && own.has(current.prefix)) return { outcome: 'published', version, ...current };
  if (!current || force) return undefined;
  const warnings = chosen === undefined ? [] : [notWanted(version, chosen)];
  return { outcome: 'up-to-date', version: chosen ?? version, warnings, ...current };
}

export function publishedResult(work: HostWork) {
  const { download, prefix, held, drift, converted, carriedOver } = work;
  const { sourceBytes, skipped, failed, kept, carriedRows } = work;
  const sum = (count: (table: (typeof converted)[number]) => number): number =>
    sumOf(converted.map(count));
  return {
    outcome: held ? ('held' as const) : ('published' as const),
    prefix,
    tables: converted.length + carriedOver.length,
    carriedOver: carriedOver.length,
    rows: sum(({ rows }) => rows),
    ...(carriedRows !== undefined && { carriedRows }),
    rejects: sum(({ rejects }) => rejects),
    sourceBytes,
    ...(skipped !== undefined && { skipped }),
    ...(failed && { failed }),
    ...(kept && { kept }),
    ...appendedTo(converted),
    parquetBytes: sum(({ parts }) => sumOf(parts.map(({ bytes }) => bytes))),
    cacheHit: download.cached.hit,
    warnings: [
      ...driftWarnings(drift),
      ...someOf(
        converted.flatMap(({ name, warnings }) => warnings.map((text) => `${name}: ${text}`)),
        MAX_WARNINGS,
      ),
    ],
  };
}

function appendedTo(converted: HostWork['converted']): Pick<ImportResult, 'appended'> {
  const appended = converted.flatMap(({ name, appended: files }) =>
    files ? [{ table: name, ...files }] : [],
  );
  return appended.length > 0 ? { appended: appended.slice(0, MAX_APPENDED) } : {};
}

export function sumOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

export function driftWarnings(drift: readonly string[]): string[] {
  return someOf(drift, MAX_WARNINGS).map((text) => `drift: ${text}`);
}

function notWanted(version: string, chosen: string): string {
  const text = `Version ${version} is not published: somebody has chosen version ${chosen} in its place; \`import --force\` brings it back`;
  log.warn(text);
  return text;
}
