/** How far an import is, in one reading for every viewer: the live line, the log, `status` and the Web UI. */
import type { ImportProgress, Stage, StepProgress } from './contract.js';
import { humanBytes, humanCount, humanSeconds } from './human.js';

/** The facts of one line; what is unknown is absent. */
export interface ProgressView {
  readonly stage: Stage;
  /** Of the stage: `reading`, `storing` ... */
  readonly part?: string;
  readonly percent?: string;
  readonly amount?: string;
  readonly rate?: string;
  readonly left?: string;
}

const DONE_BY: Partial<Record<Stage, readonly StepProgress['doing'][]>> = {
  downloading: ['downloading'],
  unpacking: ['unpacking'],
  converting: ['converting', 'storing', 'keeping'],
};

/** @param now - milliseconds since 1970: the time left of many tables comes from the time that they took so far */
export function viewOf(progress: ImportProgress, now: number): ProgressView {
  const { stage, tables } = progress;
  // What is told of the stage before may come in after its end.
  const steps = progress.steps.filter(({ doing }) => DONE_BY[stage]?.includes(doing));
  const keeping = steps.find(({ doing }) => doing === 'keeping');
  if (keeping) return { stage, ...viewOfStep(keeping) };
  if (stage === 'converting' && tables > 1) return viewOfTables(progress, steps, now);
  const [step] = steps;
  if (step) return { stage, ...viewOfStep(step) };
  if (stage !== 'converting' || tables === 0) return { stage };
  return { stage, amount: humanBytes(progress.bytes) };
}

function viewOfStep(step: StepProgress): Omit<ProgressView, 'stage'> {
  const { doing, phase, percent, done, total, unit, perSecond, secondsLeft } = step;
  const whole = total === undefined || unit === 'rows' ? '' : ` of ${humanBytes(total)}`;
  return {
    ...((phase !== undefined || doing === 'storing' || doing === 'keeping') && {
      part: phase ?? doing,
    }),
    ...(percent !== undefined && { percent: inPercent(percent) }),
    amount: `${quantity(unit, done)}${whole}`,
    ...rateAndLeft(unit, perSecond, secondsLeft),
  };
}

/** A stage of many tables: those that are stored count whole, those under way by half for each of their two steps. */
function viewOfTables(
  { tables, tablesStored, rows, since }: ImportProgress,
  steps: readonly StepProgress[],
  now: number,
): ProgressView {
  const share = ({ doing, phase, percent = 0 }: StepProgress): number =>
    doing === 'storing' ? 0.5 + percent / 200 : phase === 'reading' ? percent / 400 : 0.25;
  const done = Math.min(
    1,
    steps.reduce((sum, step) => sum + share(step), tablesStored) / Math.max(1, tables),
  );
  const elapsedSeconds = (now - Date.parse(since)) / 1000;
  const isTelling = tablesStored > 0 && done < 1;
  return {
    stage: 'converting',
    percent: inPercent(100 * done),
    amount: `${humanCount(tablesStored)} of ${humanCount(tables)} tables, ${humanCount(rows)} rows`,
    ...(isTelling && { left: `${humanSeconds((elapsedSeconds * (1 - done)) / done)} left` }),
  };
}

function rateAndLeft(
  unit: StepProgress['unit'],
  perSecond: number | undefined,
  secondsLeft: number | undefined,
): Pick<ProgressView, 'rate' | 'left'> {
  return {
    ...(perSecond !== undefined && { rate: `${quantity(unit, perSecond)}/s` }),
    ...(secondsLeft !== undefined && { left: `${humanSeconds(secondsLeft)} left` }),
  };
}

function quantity(unit: StepProgress['unit'], amount: number): string {
  return unit === 'bytes' ? humanBytes(amount) : `${humanCount(amount)} rows`;
}

/** Never 100 before it is over. */
function inPercent(percent: number): string {
  return `${Math.floor(percent)} %`;
}

/** `converting: reading`. */
export function stageOf({ stage, part }: ProgressView): string {
  return part === undefined ? stage : `${stage}: ${part}`;
}

/** `converting: reading, 60 %, 600.1 MB of 1.0 GB, 42.0 MB/s, 10 s left`. */
export function sentenceOf(view: ProgressView): string {
  const { percent, amount, rate, left } = view;
  const parts = [stageOf(view), percent, amount, rate, left];
  return parts.filter((part) => part !== undefined).join(', ');
}
