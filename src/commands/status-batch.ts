/** Of `status`: how the last batch went, who has not been told, and which workers go by which configuration. */
import type { AnnouncedWorker, BatchRecord, Catalog, Undelivered } from '../catalog/index.js';
import { humanAge, humanCount } from '../human.js';

/** Of a digest, to tell files apart. */
const DIGITS = 8;

export type LastBatch = BatchRecord & { readonly counts: Readonly<Record<string, number>> };

/** `undefined` before the first. */
export async function lastBatch({ batches }: Catalog): Promise<LastBatch | undefined> {
  const [last] = await batches.last(1);
  return last && { ...last, counts: await batches.counts(last.batchId) };
}

export function lastBatchText(last: LastBatch | undefined): string[] {
  if (!last) return [];
  const { outcome, startedAt, endedAt, counts, errorCode, errorMessage } = last;
  const sum = Object.entries(counts).map(([what, count]) => `${humanCount(count)} ${what}`);
  const when =
    endedAt === undefined
      ? `began ${humanAge(startedAt)} ago`
      : `${outcome} ${humanAge(endedAt)} ago`;
  const reason = errorCode === undefined ? '' : `; ${errorCode}: ${errorMessage ?? ''}`;
  return [`Last batch: ${when}${sum.length > 0 ? `; ${sum.join(', ')}` : ''}${reason}.`];
}

export function undeliveredText(undelivered: readonly Undelivered[]): string[] {
  return undelivered.map(({ receiver, messages, since, problem }) => {
    const what = `${humanCount(messages)} ${messages === 1 ? 'message' : 'messages'}`;
    return `${receiver} has not taken ${what} in ${humanAge(since)}: ${problem}. It is tried again.`;
  });
}

export function workersText(workers: readonly AnnouncedWorker[]): string[] {
  const problems = workers.flatMap(({ identity, configProblem }) =>
    configProblem === undefined
      ? []
      : [`Worker ${identity} goes on with its last good configuration: ${configProblem}`],
  );
  const digests = [...new Set(workers.map(({ configDigest }) => configDigest))];
  if (digests.length < 2) return problems;
  const groups = digests.map((digest) => {
    const identities = workers.filter(({ configDigest }) => configDigest === digest);
    return `${digest.slice(0, DIGITS)} (${identities.map(({ identity }) => identity).join(', ')})`;
  });
  return [
    ...problems,
    `Workers go by different configuration files: ${groups.join('; ')}. Give all of them the same.`,
  ];
}
