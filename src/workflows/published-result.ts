/** What an import says of the version that it has published or held. */
import type { ImportResult } from '../contract.js';
import type { HostWork } from '../host-steps.js';
import { someOf } from './warnings.js';

/** Of all tables together. */
const MAX_WARNINGS = 20;
const MAX_APPENDED = 20;

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
