/** Tells who follows imports how far they are: living lines on a terminal, else a line a stage and one every half minute. */
import type { ImportAllProgress, ImportResult } from '../contract.js';
import { humanBytes, humanCount } from '../human.js';
import { sentenceOf, viewOf } from '../progress-view.js';
import type { CommandContext } from './context.js';
import { batchSums } from './batch-sums.js';
import { cut, liveLines, type LiveLine } from './live-lines.js';
import type { Sight } from './look.js';
import { troubleText } from './trouble.js';

/** What one look at everything that is followed has shown. */
export interface Look {
  readonly sights: readonly Sight[];
  /** Of a batch, when its worker has answered. */
  readonly batch?: ImportAllProgress;
}

export interface Report {
  show(look: Look): void;
  /** Takes away what lives. */
  end(): void;
}

const LINE_EVERY_MS = 30_000;

export function createReport(
  { note, live }: Pick<CommandContext, 'note' | 'live'>,
  now: () => number = () => Date.now(),
): Report {
  /** A reason is told once, however often the step is repeated and whichever datasets it holds up. */
  const told = new Set<string>();
  const ended = new Set<string>();
  let doneBefore = 0;
  /** By dataset: what the last line of it said, and when. */
  const lines = new Map<string, { stage: string; atMs: number }>();
  let wholeAtMs = now();

  const tellTroubles = (sights: readonly Sight[]): void => {
    for (const { dataset, trouble } of sights) {
      if (!trouble || told.has(trouble.reason)) continue;
      told.add(trouble.reason);
      note(`${dataset}: ${troubleText(trouble)}`);
      if (trouble.nextStep !== undefined) note(`  Next step: ${trouble.nextStep}`);
    }
  };

  const tellEnded = (batch: ImportAllProgress): void => {
    const fresh = batch.recent.filter(({ dataset }) => !ended.has(dataset));
    for (const { dataset } of fresh) ended.add(dataset);
    const { done } = batchSums(batch);
    const others = done - doneBefore - fresh.length;
    doneBefore = done;
    if (others > 0) note(`${humanCount(others)} datasets have ended`);
    fresh.forEach((result) => note(endOf(result)));
  };

  /** In a log: whatever does not change is said now and then, so that silence means trouble. */
  const tellProgress = ({ sights, batch }: Look): void => {
    for (const sight of sights) {
      const { dataset, progress } = sight;
      if (!progress) continue;
      const last = lines.get(dataset);
      const isNew = last?.stage !== progress.stage;
      if (!isNew && now() - last.atMs < LINE_EVERY_MS) continue;
      lines.set(dataset, { stage: progress.stage, atMs: now() });
      const heldUp = heldUpBy(sight);
      const sentence = sentenceOf(viewOf(progress, now()));
      note(`${dataset}: ${sentence}${heldUp === undefined ? '' : `; ${heldUp}`}`);
    }
    if (!batch || now() - wholeAtMs < LINE_EVERY_MS) return;
    wholeAtMs = now();
    note(headOf(batch));
  };

  return {
    show(look) {
      if (look.batch) tellEnded(look.batch);
      tellTroubles(look.sights);
      if (live) live((columns, rows) => drawn(look, now(), columns, rows));
      else tellProgress(look);
    },
    end: () => live?.(undefined),
  };
}

/** No more lines than the terminal has: the rest is counted. */
function drawn({ sights, batch }: Look, now: number, columns: number, rows: number): string[] {
  const head = batch ? [headOf(batch)] : [];
  const room = Math.max(1, rows - head.length - 2);
  const shown = sights.slice(0, sights.length > room ? room - 1 : room);
  const lines = liveLines(
    shown.map((sight) => lineOf(sight, now)),
    columns,
  );
  const rest = sights.length - shown.length;
  const all = [...head, ...lines, ...(rest > 0 ? [`... and ${rest} more`] : [])];
  return all.map((line) => cut(line, columns - 1));
}

function lineOf(sight: Sight, now: number): LiveLine {
  const { dataset, progress } = sight;
  const heldUp = heldUpBy(sight);
  return {
    dataset,
    ...(progress ? viewOf(progress, now) : { stage: 'starting' as const }),
    ...(heldUp !== undefined && { heldUp }),
  };
}

function heldUpBy({ trouble, queued }: Sight): string | undefined {
  return trouble?.step ?? queued;
}

function headOf(batch: ImportAllProgress): string {
  const { done, failed, waiting, toCome } = batchSums(batch);
  const parts = [
    `${done} of ${batch.total} datasets done${failed > 0 ? `, ${failed} failed` : ''}`,
    `${batch.running.length} running`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    `${toCome} to come`,
  ];
  return parts.join('; ');
}

function endOf(result: ImportResult): string {
  const { dataset, outcome, failure, rows, sourceBytes, parquetBytes, durationMs } = result;
  if (failure) return `${dataset}: ${outcome}: ${failure.code}`;
  if (outcome !== 'published') return `${dataset}: ${outcome}`;
  const sizes = `${humanBytes(sourceBytes)} -> ${humanBytes(parquetBytes)}`;
  const seconds = (durationMs / 1000).toFixed(1);
  return `${dataset}: published, ${humanCount(rows)} rows, ${sizes}, ${seconds} s`;
}
