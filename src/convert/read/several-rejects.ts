/** The rejects of files that are one table together, from theirs into one sink: memory does not grow with them. */
import { join } from 'node:path';
import type { RelationContext, TextRelation } from '../relation.js';
import { bothPins } from '../pins-together.js';
import type { TableMember } from '../types.js';
import { byteLines } from './json/ndjson-records.js';
import { RejectSink, type Reject } from './reject-sink.js';

const FLUSH_RECORDS = 1000;
/** Files for which pins are looked for: each is read for it, time and again. */
const MOST_TRIED = 10;

interface RejectedPart {
  readonly member: Pick<TableMember, 'originalPath'>;
  readonly relation: Pick<TextRelation, 'rejects' | 'suggest'>;
}

/** One sink for all, each reject with its file in front of its reason. */
export async function unitedRejects(
  parts: readonly RejectedPart[],
  { scratchDirectory, entry }: RelationContext,
): Promise<TextRelation['rejects']> {
  const sink = new RejectSink(join(scratchDirectory, 'rejects.ndjson'), entry.checks.max_rejects);
  let count = 0;
  try {
    for (const { member, relation } of parts) {
      count += relation.rejects.count;
      for await (const reject of rejectsOf(relation, entry.checks.max_rejects)) {
        sink.add({ ...reject, reason: `${member.originalPath}: ${reject.reason}` });
        if (sink.count % FLUSH_RECORDS === 0) await sink.flush();
      }
    }
  } finally {
    await sink.close();
  }
  return { count, first: sink.first, file: sink.file };
}

/** One by one, as they are kept; the first few alone where none of them is. */
async function* rejectsOf(
  { rejects: { count, first, file } }: RejectedPart['relation'],
  most: number,
): AsyncGenerator<Reject> {
  if (count === 0) return;
  if (most === 0) return yield* first;
  for await (const line of byteLines(file, file)) yield JSON.parse(line.toString()) as Reject;
}

/** For each file with rejects; nothing where one of them gets none. */
export async function suggestionFor(parts: readonly RejectedPart[]): Promise<string | undefined> {
  const refused = parts.filter(({ relation }) => relation.rejects.count > 0);
  if (refused.length > MOST_TRIED) return undefined;
  let pins: string | undefined;
  for (const { relation } of refused) {
    const tried = await relation.suggest?.();
    if (tried === undefined) return undefined;
    pins = pins === undefined ? tried : bothPins(pins, tried);
  }
  return pins;
}
