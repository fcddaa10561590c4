/** Small datasets of a batch in three tasks: each task costs Temporal and the worker more than their bytes do. */
import { ApplicationFailure } from '@temporalio/common';
import type { FailureSummary } from '../contract.js';
import {
  pointerIsBehind,
  workOnHost,
  type HostSteps,
  type HostStepsRequest,
  type HostWork,
} from '../host-steps.js';
import type { OutcomeRecord } from './aftermath.js';
import type { Download } from './download.js';
import type { StepActivities } from './index.js';
import type { ImportPlan, ResolvedSource } from './prepare.js';

/** Of the whole dataset, unpacked, as its source says: seconds of work at most, which may be done twice. */
const SMALL_BYTES = 16e6;
/** More would outgrow the result of one task. */
const FEW_TABLES = 32;

export interface Begun {
  readonly plan: ImportPlan;
  /** Absent when the question has failed. */
  readonly resolved?: ResolvedSource;
  /** Absent when nothing is to be imported, when it is not small, and when the download has failed. */
  readonly download?: Download;
  /** Of the question or the download, where asking once more would be answered the same. */
  readonly refused?: FailureSummary;
}

export interface Concluded {
  /** Beside those of the result. */
  readonly warnings: readonly string[];
}

/**
 * The same steps as activities, in the context of one. None is tried again here: whatever goes wrong, the workflow
 * goes the long way from where it still knows something, and each step tells its failure there.
 * @param small - those of one host, in processes that large tables do not occupy
 */
export function shortActivities(steps: StepActivities, small: HostSteps) {
  return {
    /** The start, the entry, the version, and what is small downloaded. */
    beginShort: async (request: {
      readonly dataset: string;
      readonly startedAt: string;
      readonly batchId: string;
      readonly force: boolean;
    }): Promise<Begun> => {
      const { force, ...start } = request;
      await steps.recordStart(start);
      const plan = await steps.readEntry({ dataset: start.dataset });
      let known: Begun = { plan };
      try {
        const resolved = await steps.resolveSource(plan);
        known = { plan, resolved };
        const { pin, current, held } = resolved;
        const isDone = !force && (current ?? held) !== undefined;
        const isSmall = pin.totalBytes !== undefined && pin.totalBytes <= SMALL_BYTES;
        if (isDone || !isSmall) return known;
        return { ...known, download: await steps.downloadToCache({ plan, pin, force }) };
      } catch (error) {
        if (!(error instanceof ApplicationFailure)) throw error;
        const [refused] = (error.nonRetryable ? (error.details ?? []) : []) as [FailureSummary?];
        return { ...known, ...(refused && { refused }) };
      }
    },

    /** From the unpacking to the publication. */
    publishShort: async (request: HostStepsRequest): Promise<Omit<HostWork, 'download'>> => {
      const { download: _known, ...work } = await workOnHost(small, request, {
        onUnpacked(tables) {
          if (tables > FEW_TABLES) throw new Error(`${tables} tables are too many for one task`);
        },
        ...{ onConverted: ignored, onStored: ignored, onPublishing: ignored },
        failureOf: () => undefined,
        keepsFiles: () => true,
      });
      return work;
    },

    /** The pointer, the work folder and the record. Only the record can make it fail. */
    concludeShort: async (record: OutcomeRecord): Promise<Concluded> => {
      const { result } = record;
      const { dataset } = result;
      const problem = await problemOf(steps.writePointer({ dataset }));
      await problemOf(steps.cleanUp({ dataset }));
      const warnings = problem === undefined ? [] : [pointerIsBehind(problem)];
      const recorded = { ...result, warnings: [...result.warnings, ...warnings] };
      await steps.recordOutcome({ ...record, result: recorded });
      return { warnings };
    },
  };
}

function ignored(): void {
  // Nobody looks at single steps of seconds.
}

async function problemOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    return `${error.type}: ${error.message}`;
  }
}
