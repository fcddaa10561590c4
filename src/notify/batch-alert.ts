/** What people are told of a batch: one message at its end, whatever it holds. */
import type { FailureSummary } from '../contract.js';
import { humanCount } from '../human.js';
import { shortened, type Alert } from './alert.js';
import { firstCharacters } from '../first-characters.js';

interface Trouble {
  readonly dataset: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

interface Incomplete {
  readonly dataset: string;
  readonly tables: number;
  readonly first: string;
  readonly code: string;
  /** Of all such datasets. */
  readonly count: number;
}

export interface BatchDigest {
  readonly batchId: string;
  /** `finished`, `failed` as a whole, `cancelled`, `terminated`, `timed-out` or `lost`. */
  readonly outcome: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly total: number;
  /** By outcome. */
  readonly counts: Readonly<Partial<Record<string, number>>>;
  /** Why it failed as a whole. */
  readonly failure?: FailureSummary;
  /** The first of them. */
  readonly failures: readonly Trouble[];
  /** The first of those that wait. */
  readonly waiting?: readonly Trouble[];
  /** The first of those that are published without some of their tables. */
  readonly incomplete?: readonly Incomplete[];
  /** Datasets that failed the time before, and did not now. */
  readonly recovered: number;
  /** How the batch before ended. */
  readonly before?: { readonly outcome: string; readonly errorCode?: string };
}

const MAX_REASON_CHARACTERS = 300;

export function alertForBatch(digest: BatchDigest): Alert {
  const { batchId, outcome, startedAt, total, counts, failure, recovered } = digest;
  const { published = 0, 'up-to-date': upToDate = 0, failed = 0, waiting = 0 } = counts;
  const { cancelled = 0, 'already-running': alreadyRunning = 0 } = counts;
  const { held = 0 } = counts;
  const reached = published + held + upToDate + failed + waiting + cancelled + alreadyRunning;
  const parts: readonly [number, string][] = [
    [published, 'published'],
    [held, 'held'],
    [upToDate, 'unchanged'],
    [failed, 'failed'],
    [waiting, 'waiting'],
    [cancelled, 'cancelled'],
    [alreadyRunning, 'running already'],
    [total - reached, 'not reached'],
  ];
  const sum = parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${humanCount(count)} ${what}`)
    .join(', ');
  const lines = [
    ...(failure ? [`${failure.code}: ${failure.message}`, `Next step: ${failure.nextStep}`] : []),
    ...(total > 0 ? [`${humanCount(total)} datasets: ${sum}.`] : []),
    ...recovery(digest),
    ...named(digest.failures, failed, 'failed'),
    ...named(digest.waiting ?? [], waiting, 'waiting'),
    ...withoutTables(digest.incomplete ?? []),
  ];
  return {
    // One that was reset ends again.
    id: `${batchId}-${Date.parse(digest.endedAt)}`,
    event: `batch.${outcome}`,
    title: titleOf(digest),
    lines: lines.map(shortened),
    facts: {
      ...{ batchId, outcome, startedAt, endedAt: digest.endedAt, total, counts, recovered },
      ...(failure && { code: failure.code }),
      failures: digest.failures.map(({ dataset, errorCode }) => ({ dataset, code: errorCode })),
      ...(digest.incomplete?.[0] && {
        incomplete: digest.incomplete.map(({ dataset, tables }) => ({ dataset, tables })),
      }),
    },
  };
}

function titleOf({ outcome, startedAt, counts, before }: BatchDigest): string {
  const which = `Batch of ${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  if (outcome !== 'finished')
    return `${which} ${outcome === 'failed' ? 'failed as a whole' : outcome}.`;
  const { failed = 0 } = counts;
  if (failed > 0) return `${which} finished, ${humanCount(failed)} failed.`;
  return `${which} finished${before?.outcome === 'failed' ? ', after one that had failed' : ''}.`;
}

function recovery({ outcome, recovered, before }: BatchDigest): string[] {
  const lines =
    recovered > 0 ? [`Recovered: ${humanCount(recovered)} that had failed before.`] : [];
  if (outcome !== 'finished' || before?.outcome !== 'failed') return lines;
  const code = before.errorCode === undefined ? '' : ` (${before.errorCode})`;
  return [`The batch before had failed as a whole${code}; this one went through.`, ...lines];
}

function withoutTables(incomplete: readonly Incomplete[]): string[] {
  const lines = incomplete.map(({ dataset, tables, first, code }) => {
    const which = tables === 1 ? first : `${humanCount(tables)} tables, such as ${first}`;
    return `${dataset} published without ${which}: ${code}`;
  });
  const more = (incomplete[0]?.count ?? 0) - incomplete.length;
  return more > 0 ? [...lines, `... and ${humanCount(more)} more without some tables`] : lines;
}

function named(troubles: readonly Trouble[], all: number, what: string): string[] {
  const lines = troubles.map(({ dataset, errorCode, errorMessage }) => {
    const message = errorMessage && firstCharacters(errorMessage, MAX_REASON_CHARACTERS);
    const reason = [errorCode, message].filter(Boolean);
    return `${dataset} ${what}${reason.length > 0 ? `: ${reason.join(': ')}` : ''}`;
  });
  const more = all - troubles.length;
  return more > 0 && lines.length > 0
    ? [...lines, `... and ${humanCount(more)} more ${what}`]
    : lines;
}
