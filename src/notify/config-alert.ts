/** What people are told of the configuration: that it is broken, or that workers go by different ones. */
import { createHash } from 'node:crypto';
import { shortened, type Alert } from './alert.js';

const MAX_LINES = 20;

/** The same of all workers that read the same files. */
export function alertForBrokenConfig(problem: string, digest: string): Alert {
  return {
    ...{ id: idOf('config-broken', problem, digest), event: 'config.broken' },
    title: 'The configuration is broken; the last good one is in force.',
    ...{ lines: linesOf(problem), facts: { digest } },
  };
}

/** The same of all workers that cannot start with it, however often they are started on a day. */
export function alertForConfigAtStart(problem: string): Alert {
  return {
    ...{ id: idOf('config-at-start', problem), event: 'config.broken' },
    title: 'A worker cannot start: its configuration is broken.',
    ...{ lines: linesOf(problem), facts: {} },
  };
}

function linesOf(problem: string): string[] {
  const lines = problem.split('\n').map((line) => line.trim());
  const more = lines.length - MAX_LINES;
  return [...lines.slice(0, MAX_LINES), ...(more > 0 ? [`... and ${more} more`] : [])].map(
    shortened,
  );
}

/** After such a problem. */
export function alertForMendedConfig(problem: string, digest: string): Alert {
  return {
    ...{ id: idOf('config-mended', problem, digest), event: 'config.mended' },
    title: 'The configuration is good again, and in force.',
    ...{ lines: [], facts: { digest } },
  };
}

/** @param digests - of each configuration, the workers that go by it */
export function alertForDifferentConfigs(digests: ReadonlyMap<string, readonly string[]>): Alert {
  const groups = [...digests].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ id: idOf('config-differs', ...groups.map(([digest]) => digest)), event: 'config.differs' },
    title: 'Workers go by different configuration files.',
    lines: [
      ...groups.map(([digest, workers]) =>
        shortened(`${digest.slice(0, 8)}: ${workers.join(', ')}`),
      ),
      'Datasets that differ between them are not published. Next step: give all workers the same files.',
    ],
    facts: { digests: groups.map(([digest]) => digest) },
  };
}

function idOf(what: string, ...of: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  const digest = createHash('sha256')
    .update(JSON.stringify([...of, day]))
    .digest('hex');
  return `${what}-${digest.slice(0, 16)}`;
}
