/** Where a campaign takes place: servers, hosts and sources of its own, and what each version of a source held. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client as Minio } from 'minio';
import { diceOf, type Dice } from '../helpers/hostile-server.js';
import { ImportSite } from '../helpers/import-site.js';
import { startTestStack, type TestStack } from '../helpers/test-stack.js';
import { Host } from './host.js';
import { SERVERS } from './servers.js';
import { datasetSpecs, firstFiles, nextFiles, type DatasetSpec, type Files } from './tables.js';

/** The gate waits for fewer. */
const LONG_FROM_IMPORTS = 50;

/** Past it, a version is held. */
export const ROWS_PERCENT = 60;

export interface SceneOptions {
  readonly seed: number;
  readonly imports: number;
}

export class Scene {
  /** The newest version of each source. */
  readonly latest: Record<string, string> = {};
  /** How often a person has asked for another version of a dataset to be current. */
  readonly wishes: Record<string, number> = {};
  readonly #files = new Map<string, Files>();

  private constructor(
    readonly options: SceneOptions,
    readonly stack: TestStack,
    readonly site: ImportSite,
    readonly specs: readonly DatasetSpec[],
    readonly hosts: readonly Host[],
  ) {}

  static async open(options: SceneOptions): Promise<Scene> {
    const dice = diceOf(options.seed);
    const specs = datasetSpecs(dice, !isShort(options));
    const datasets = Object.fromEntries(specs.map((spec) => [spec.name, firstFiles(spec, dice)]));
    const stack = await startTestStack({ services: SERVERS, keepsPorts: true });
    const site = await ImportSite.open({
      datasets,
      settings: { keep_versions: 2, gc_grace_days: 0, host_lost_after_minutes: 0.5 },
      defaults: { drift: { on: 'hold', rows_percent: ROWS_PERCENT, nulls_points: 100 } },
      services: stack.environment,
    });
    await keepHistory(site);
    const hosts = [await Host.open(site, 'one', false), await Host.open(site, 'two', true)];
    const scene = new Scene(options, stack, site, specs, hosts);
    for (const [name, files] of Object.entries(datasets)) scene.#keep(name, '1', files);
    return scene;
  }

  /** Without what takes minutes: zombies, and a table that is stored in parts. */
  get isShort(): boolean {
    return isShort(this.options);
  }

  get truth(): string {
    return join(this.site.folder, 'truth');
  }

  get datasets(): string[] {
    return this.specs.map(({ name }) => name);
  }

  /** Something newer at the source. */
  async publish(spec: DatasetSpec, dice: Dice): Promise<void> {
    const { name } = spec;
    const files = nextFiles(spec, this.#files.get(name)!, dice);
    const version = await this.site.kaggle.publishVersion(`owner/${name}`, files);
    this.#keep(name, String(version), files);
  }

  async close(): Promise<void> {
    for (const host of this.hosts) await host.close();
    await this.site.close();
    await this.stack.stop();
  }

  #keep(name: string, version: string, files: Files): void {
    for (const [file, text] of Object.entries(files)) {
      const path = join(this.truth, name, version, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    this.#files.set(name, files);
    this.latest[name] = version;
  }
}

function isShort({ imports }: SceneOptions): boolean {
  return imports < LONG_FROM_IMPORTS;
}

/** The store itself keeps what is written over or removed: the judge reads there who has done so. */
async function keepHistory({ bucket, store }: ImportSite): Promise<void> {
  const [endPoint, port] = store['MINIO_ENDPOINT']!.split(':');
  const minio = new Minio({
    ...{ endPoint: endPoint!, port: Number(port), useSSL: false },
    accessKey: store['MINIO_ACCESS_KEY']!,
    secretKey: store['MINIO_SECRET_KEY']!,
  });
  await minio.makeBucket(bucket);
  await minio.setBucketVersioning(bucket, { Status: 'Enabled' });
}
