/** From what a step reports of itself to what people want to know: how much is done, how fast, how long still. */
import type { StepProgress } from '../contract.js';

/** Long enough that a burst is no speed, short enough that a stall shows. */
const WINDOW_MS = 15_000;
/** Samples closer together than this add nothing. */
const SAMPLE_EVERY_MS = 500;

export type Measured = Omit<StepProgress, 'perSecond' | 'secondsLeft'>;

interface Sample {
  readonly atMs: number;
  readonly done: number;
  readonly percent: number;
}

export interface StepMeter {
  report(measured: Measured): void;
  /** Undefined before the first report. */
  read(): StepProgress | undefined;
}

/** @param now - a clock in milliseconds that never goes back */
export function createStepMeter(now: () => number = () => performance.now()): StepMeter {
  let newest: Measured | undefined;
  let samples: Sample[] = [];

  const take = ({ done, percent = 0 }: Measured): void => {
    samples.push({ atMs: now(), done, percent });
  };

  return {
    report(measured) {
      const isNew = newest?.phase !== measured.phase || newest?.doing !== measured.doing;
      // A download that starts over, a query after another within one phase.
      const isBack = newest !== undefined && measured.done < newest.done;
      if (isNew || isBack) samples = [];
      // A tenth of a per cent says enough, and is short in a heartbeat.
      const { percent } = measured;
      newest = {
        ...measured,
        ...(percent !== undefined && { percent: Math.round(10 * percent) / 10 }),
      };
      const last = samples.at(-1);
      if (!last || now() - last.atMs >= SAMPLE_EVERY_MS) take(measured);
    },
    read() {
      if (!newest) return undefined;
      // The last one before the window is its beginning.
      const begin = now() - WINDOW_MS;
      const inside = samples.findIndex(({ atMs }) => atMs > begin);
      samples = samples.slice(Math.max(0, inside === -1 ? samples.length - 1 : inside - 1));
      const [first] = samples;
      const seconds = first ? (now() - first.atMs) / 1000 : 0;
      if (!first || seconds < 1) return newest;
      const perSecond = (newest.done - first.done) / seconds;
      const percentPerSecond = ((newest.percent ?? 0) - first.percent) / seconds;
      const isTimed = newest.percent !== undefined && percentPerSecond > 0;
      return {
        ...newest,
        perSecond: Math.round(perSecond),
        ...(isTimed && { secondsLeft: Math.round((100 - newest.percent!) / percentPerSecond) }),
      };
    },
  };
}
