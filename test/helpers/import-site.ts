/** Everything one import needs, real and of its own: namespace, database, bucket, Kaggle, and worker hosts. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import pg from 'pg';
import { inject } from 'vitest';
import { stringify } from 'yaml';
import { BATCH_MEMO, importWorkflowId, TASK_QUEUES } from '../../src/contract.js';
import {
  SAMPLE_ACCOUNT,
  startKaggleServer,
  type FixtureFiles,
  type KaggleServer,
} from '../../src/stack/kaggle-server/index.js';
import type { importDataset } from '../../src/workflows/index.js';
import { SiteBucket } from './site-bucket.js';
import { startStoreGate, type StoreGate } from './store-gate.js';
import { sweepGate } from './sweep-gate.js';
import { startDatabaseGate, type DatabaseGate } from './database-gate.js';
import { createTestDatabase } from './test-database.js';
import { createTestNamespace, type TestNamespace } from './test-namespace.js';
import { startWorkerProcess, type WorkerProcess } from './worker-process.js';

export interface SiteOptions {
  /** Files of each dataset, by its name; its reference is `owner/<name>`. */
  readonly datasets: Readonly<Record<string, FixtureFiles>>;
  /** Under `config:`. */
  readonly settings?: object;
  /** Under `defaults:`. */
  readonly defaults?: object;
  /** Instead of the shared servers; of Temporal only where it is named. */
  readonly services?: Readonly<Record<string, string>>;
}

export class ImportSite extends SiteBucket {
  readonly folder = mkdtempSync(join(tmpdir(), 'kaggle-import-site-'));
  /** Of host `one`. */
  readonly sweeps = sweepGate(join(this.folder, 'one', 'cache'));
  #workers: WorkerProcess[] = [];
  #datasets: string[] = [];

  private constructor(
    readonly namespace: TestNamespace,
    readonly databaseUrl: string,
    readonly kaggle: KaggleServer,
    readonly gate: StoreGate,
    readonly databaseGate: DatabaseGate,
    store: Readonly<Record<string, string>>,
    private readonly dropDatabase: () => Promise<void>,
  ) {
    super(store);
  }

  static async open({
    datasets,
    settings = {},
    defaults = {},
    services,
  }: SiteOptions): Promise<ImportSite> {
    const store = services ?? { ...inject('stack') };
    const database = services
      ? { url: services['DATABASE_URL']!, drop: () => Promise.resolve() }
      : await createTestDatabase();
    const kaggle = await startKaggleServer({
      datasets: Object.entries(datasets).map(([name, files]) => ({ ref: `owner/${name}`, files })),
    });
    const site = new ImportSite(
      await createTestNamespace(store['TEMPORAL_ADDRESS']),
      database.url,
      kaggle,
      await startStoreGate(store['MINIO_ENDPOINT']!),
      await startDatabaseGate(database.url),
      store,
      () => database.drop(),
    );
    site.#datasets = Object.keys(datasets);
    site.configure({ settings, defaults });
    return site;
  }

  /** Writes the configuration anew; imports see it from the next one on. */
  configure({ settings = {}, defaults = {} }: Pick<SiteOptions, 'settings' | 'defaults'>): void {
    const entries = this.#datasets.map((name) => [name, { kaggle_ref: `owner/${name}` }]);
    writeFileSync(
      join(this.folder, 'datasets.yaml'),
      stringify({ config: settings, defaults, datasets: Object.fromEntries(entries) as object }),
    );
  }

  /** For a worker or a command on `host`, which has a disk of its own. */
  environment(host = 'one'): Record<string, string> {
    const disk = join(this.folder, host);
    mkdirSync(disk, { recursive: true });
    return {
      TEMPORAL_ADDRESS: this.namespace.address,
      TEMPORAL_NAMESPACE: this.namespace.name,
      DATABASE_URL: this.databaseGate.url,
      MINIO_ENDPOINT: this.gate.endpoint,
      MINIO_ACCESS_KEY: this.store['MINIO_ACCESS_KEY']!,
      MINIO_SECRET_KEY: this.store['MINIO_SECRET_KEY']!,
      MINIO_BUCKET: this.bucket,
      KAGGLE_API_BASE: this.kaggle.url,
      KAGGLE_API_TOKEN: SAMPLE_ACCOUNT.token,
      KAGGLE_IMPORT_CONFIG: join(this.folder, 'datasets.yaml'),
      CACHE_DIR: join(disk, 'cache'),
      WORK_DIR: join(disk, 'work'),
      LOG_FILE: join(disk, 'worker.log'),
      STACK_DIR: join(this.folder, 'no-stack'),
      XDG_CONFIG_HOME: join(this.folder, 'no-config'),
    };
  }

  async startWorker(
    host?: string,
    settings: object = {},
    args: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({ ...this.environment(host), ...settings }, args);
    this.#workers.push(worker);
    return worker;
  }

  async killWorkers(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
  }

  /** @param batchId - starts it as a batch of that id does */
  start(dataset: string, batchId?: string): Promise<WorkflowHandle<typeof importDataset>> {
    const ofBatch = batchId !== undefined;
    return this.namespace.client.workflow.start<typeof importDataset>('importDataset', {
      taskQueue: TASK_QUEUES.control,
      workflowId: importWorkflowId(dataset),
      args: [{ dataset, ...(ofBatch && { authChecked: true }) }],
      ...(ofBatch && { memo: { [BATCH_MEMO]: batchId } }),
    });
  }

  /** How often the pending activity of the import has been tried. */
  async attempts(dataset: string): Promise<number> {
    const handle = this.namespace.client.workflow.getHandle(importWorkflowId(dataset));
    const { raw } = await handle.describe();
    return Math.max(0, ...(raw.pendingActivities ?? []).map(({ attempt }) => attempt ?? 0));
  }

  /** Types of the activities that the server takes for running or waiting. */
  async pendingActivities(dataset: string): Promise<string[]> {
    const handle = this.namespace.client.workflow.getHandle(importWorkflowId(dataset));
    const { raw } = await handle.describe();
    return (raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? '');
  }

  async query<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  /** Files below a host's work folder. */
  workFiles(host = 'one'): string[] {
    try {
      return readdirSync(join(this.folder, host, 'work'), { recursive: true, encoding: 'utf8' });
    } catch {
      return [];
    }
  }

  /** Whatever is held goes on. */
  openGates(): void {
    this.gate.open();
    this.databaseGate.open();
    this.sweeps.open();
  }

  async close(): Promise<void> {
    this.openGates();
    await this.killWorkers();
    await this.kaggle.close();
    await this.gate.close();
    await this.databaseGate.close();
    await this.namespace.close();
    await this.dropDatabase();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
