/** Activities that do nothing but answer, for tests of the order in which workflows call them. */
import type { Activities, StepActivities } from '../../src/activities/index.js';
import { shortActivities } from '../../src/activities/short.js';
import { configFileSchema } from '../../src/config/datasets.js';
import type { ImportPlan } from '../../src/activities/prepare.js';
import type { Named } from '../../src/activities/table-files.js';
import { TASK_QUEUES } from '../../src/contract.js';
import type { ConvertedTable, TableSource } from '../../src/convert/types.js';

export const HOST_QUEUE = TASK_QUEUES.host('one');

/** Datasets that one look is for. */
const STUB_LOOK = 2;

export interface Stubs {
  readonly activities: Activities;
  /** `activity:dataset-or-table`, in the order of the calls. */
  readonly calls: string[];
}

export function planFor(dataset: string, settings: object = {}): ImportPlan {
  const file = configFileSchema.parse({
    config: settings,
    datasets: { [dataset]: { kaggle_ref: `owner/${dataset}` } },
  });
  const entry = { ...file.datasets[dataset]!, name: dataset };
  return { entry, settings: file.config, configDigest: 'c', tableDigest: 't' };
}

function table(name: string): TableSource {
  const file = `unpacked/${name}.csv`;
  return {
    name,
    originalPath: `${name}.csv`,
    file,
    format: 'csv',
    sourceBytes: 10,
    sourceSha256: name,
  };
}

function converted({ name, originalPath = `${name}.csv` }: Named<TableSource>): ConvertedTable {
  return {
    ...{ name, originalPath, descriptionFile: `descriptions/${name}.json` },
    parts: [{ file: `parquet/${name}.parquet`, rows: 3, bytes: 5, sha256: name }],
    ...{ sourceBytes: 10, sourceRecords: 3, rows: 3, rejects: 0, columns: 2, warnings: [] },
  };
}

/** Two tables a dataset; `changes` replaces single activities. */
export function stubActivities(changes: Partial<Activities> = {}): Stubs {
  const calls: string[] = [];
  let selected: readonly string[] = [];
  const call = (name: string, of = ''): void => void calls.push(of === '' ? name : `${name}:${of}`);
  const pin = { kind: 'kaggle' as const, reference: 'owner/x', version: '3', description: {} };
  const steps: StepActivities = {
    async readEntry({ dataset }) {
      call('readEntry', dataset);
      return planFor(dataset);
    },
    async selectDatasets({ only }) {
      call('selectDatasets');
      return { names: [...(only ?? ['a', 'b', 'c'])], maxParallel: 2 };
    },
    async openBatch({ only }) {
      call('openBatch');
      selected = only ?? ['a', 'b', 'c'];
      const total = selected.length;
      return { total, maxParallel: 2, maxWaitHours: 1, asks: selected[0]! };
    },
    async countPlaces() {
      call('countPlaces');
      return 2;
    },
    async lookAtNext({ after }) {
      call('lookAtNext');
      const pending = selected.slice(after, after + STUB_LOOK);
      const cursor = after + STUB_LOOK;
      const isLast = cursor >= selected.length;
      return { pending, counts: {}, recent: [], ...(!isLast && { cursor }) };
    },
    async leaveBatch({ dataset, as }) {
      call('leaveBatch', `${dataset}:${as}`);
    },
    async awaitImport({ dataset }) {
      call('awaitImport', dataset);
      throw new Error('no batch of a test is so long');
    },
    async closeBatch({ outcome, counts }) {
      call('closeBatch', outcome);
      const failures = Array.from({ length: counts.failed ?? 0 }, (_, i) => ({
        ...{ dataset: `broken${i}`, outcome: 'failed' },
      }));
      return { failures };
    },
    async tellBatch({ outcome }) {
      call('tellBatch', outcome);
      return {};
    },
    async checkAuth() {
      call('checkAuth');
      return { method: 'stub' };
    },
    async resolveSource({ entry }) {
      call('resolveSource', entry.name);
      return { pin };
    },
    async downloadToCache({ plan }) {
      call('downloadToCache', plan.entry.name);
      return {
        cached: { key: 'k', checksum: 's', files: 1, bytes: 20, transferredBytes: 20, hit: false },
        hostQueue: HOST_QUEUE,
        prefix: `datasets/${plan.entry.name}/v3-00000000`,
      };
    },
    async unpack({ plan }) {
      call('unpack', plan.entry.name);
      return { tables: [table('one'), table('two')], carriedOver: ['three'], sourceBytes: 30 };
    },
    async convertTable(request) {
      call('convertTable', request.table.name);
      return converted(request.table);
    },
    async storeTable(request) {
      call('storeTable', request.table.name);
      return { name: request.table.name };
    },
    async keepFiles({ plan }) {
      call('keepFiles', plan.entry.name);
      return { files: 1, bytes: 2 };
    },
    async publish({ plan, prefix }) {
      call('publish', plan.entry.name);
      return { versionId: 'v', prefix, held: false, drift: [] };
    },
    async findUndecided({ dataset, decision, version = '3' }) {
      call('findUndecided', dataset);
      return { dataset, decision, version, versionId: 'v' };
    },
    async decideDrift({ dataset, decision, version }) {
      call('decideDrift', `${decision} ${dataset} ${version}`);
      return { dataset, decision, version, hasChanged: true };
    },
    async collectGarbage() {
      call('collectGarbage');
      return { versions: 1, objects: 2, bytes: 3 };
    },
    async verifyNext({ after }) {
      call('verifyNext', after);
      const counts = { versions: 10, objects: 20, bytes: 30, problems: 0, broken: [] };
      return { ...counts, ...(after === undefined && { next: 'dataset' }) };
    },
    async tellUpkeep({ what }) {
      call('tellUpkeep', what);
    },
    async writePointer({ dataset }) {
      call('writePointer', dataset);
    },
    async removeUnpublished({ prefix }) {
      call('removeUnpublished', prefix);
    },
    async answer() {
      call('answer');
    },
    async recordStart({ dataset }) {
      call('recordStart', dataset);
    },
    async recordOutcome({ result }) {
      call('recordOutcome', result.outcome);
    },
    async notify({ dataset }) {
      call('notify', dataset);
    },
    async cleanUp({ dataset }) {
      call('cleanUp', dataset);
    },
    ...changes,
  };
  return { activities: { ...steps, ...shortActivities(steps, steps), ...changes }, calls };
}
