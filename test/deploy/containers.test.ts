/** What the deployment files promise: pinned images, loopback ports, data that stays, time to stop. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toolVersion } from '../../src/config/environment.js';
import { errorTable } from '../../src/errors/index.js';
import { TOOLS } from '../../src/stack/tool-versions.js';
import {
  composeFile,
  dockerfile,
  kubernetesObjects,
  kubernetesPods,
  root,
} from '../helpers/deployment.js';

const { services, volumes } = composeFile();
const pods = kubernetesPods();
/** A version with three numbers, or two for PostgreSQL's; never a word that moves. */
const PINNED = /^[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w.-]+)?$/;

/** Longest time that a worker takes to stop. */
function shutdownSeconds(): number {
  const source = readFileSync(join(root, 'src', 'create-workers.ts'), 'utf8');
  const [, text] = /SHUTDOWN_FORCE = '(\d+) seconds'/.exec(source)!;
  return Number(text);
}

test('every image is pinned to a version, and ours to this one', () => {
  const images = [
    ...dockerfile().from,
    ...Object.values(services).map(({ image }) => image!),
    ...pods.map(([, { containers }]) => containers[0].image),
  ];
  expect(images.length).toBeGreaterThan(10);
  for (const image of images) expect(image).toMatch(PINNED);
  const own = images.filter((image) => image.startsWith('kaggle-import:'));
  expect(own).toHaveLength(4);
  expect(new Set(own)).toEqual(new Set([`kaggle-import:${toolVersion}`]));
  const kustomization = parse(readFileSync(join(root, 'kustomization.yaml'), 'utf8')) as unknown;
  expect(kustomization).toMatchObject({ images: [{ name: 'kaggle-import', newTag: toolVersion }] });
});

describe('Dockerfile', () => {
  const { from, last } = dockerfile();

  test('builds and runs on one Debian image, as another user than root', () => {
    expect(new Set(from).size).toBe(1);
    expect(from[0]).toMatch(/^node:\d+\.\d+\.\d+-bookworm-slim$/);
    expect(last('USER')).toBe('1000:1000');
  });

  test('runs the worker, and gives it as many threads as the Makefile does', () => {
    expect(JSON.parse(last('CMD'))).toEqual(['node', '--enable-source-maps', 'dist/worker.js']);
    const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
    const threads = dockerfile().environment['UV_THREADPOOL_SIZE'];
    expect(makefile).toContain(`UV_THREADPOOL_SIZE := ${threads}\n`);
  });

  test('copies only what .dockerignore lets through', () => {
    const ignore = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    const sent = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = readFileSync(join(root, 'Dockerfile'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(new Set(copied)).toEqual(new Set(sent));
    for (const path of sent) expect(existsSync(join(root, path)), path).toBe(true);
  });
});

describe('docker-compose.yml', () => {
  test('is reachable from this machine only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(4);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(new Set(ports).size).toBe(ports.length);
  });

  test('waits for what a service needs until it is healthy or done', () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(needs)) {
        const ends = services[other]!.restart?.startsWith('on-failure') === true;
        const expected = ends ? 'service_completed_successfully' : 'service_healthy';
        expect(condition, `${name} needs ${other}`).toBe(expected);
        // The worker's own check is in its image.
        if (!ends) expect(services[other]!.healthcheck, other).toBeDefined();
      }
    }
    expect(Object.keys(services['worker']!.depends_on!)).toHaveLength(3);
  });

  test('mounts files that exist, and keeps data in named volumes', () => {
    const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
    const [files, named] = [true, false].map((isFile) =>
      mounts.map((mount) => mount.split(':')[0]!).filter((from) => from.startsWith('.') === isFile),
    );
    for (const file of files!) expect(existsSync(join(root, file)), file).toBe(true);
    expect(new Set(named)).toEqual(new Set(Object.keys(volumes)));
  });

  test('runs the Temporal server of the CLI that the tests run on', () => {
    // https://github.com/temporalio/cli/releases/tag/v1.5.1: Server 1.29.1, UI 2.42.1.
    expect(TOOLS.temporal.goInstall.version).toBe('1.5.1');
    expect(services['temporal']!.image).toBe('temporalio/server:1.29.1');
    expect(services['temporal-ui']!.image).toBe('temporalio/ui:2.42.1');
    expect(services['temporal-schema']!.image).toContain(':1.29.1-');
    expect(services['temporal-settings']!.image).toBe(services['temporal-schema']!.image);
  });
});

test('a worker that is stopped has more time than it takes', () => {
  const needed = shutdownSeconds();
  expect(needed).toBeGreaterThan(0);
  expect(Number(/^(\d+)s$/.exec(services['worker']!.stop_grace_period!)![1])).toBeGreaterThan(
    needed,
  );
  const worker = new Map(pods).get('Deployment kaggle-import-worker')!;
  expect(worker.terminationGracePeriodSeconds).toBeGreaterThan(needed);
});

test('cache and work folders are on a volume, in Compose and in Kubernetes', () => {
  const folder = '/var/lib/kaggle-import';
  expect(dockerfile().last('VOLUME')).toBe(folder);
  expect(services['worker']!.volumes).toContain(`worker:${folder}`);
  const [container] = new Map(pods).get('Deployment kaggle-import-worker')!.containers;
  expect(container.volumeMounts).toContainEqual({ name: 'data', mountPath: folder });
});

test('a job is tried again when that can help, and only then', () => {
  const job = kubernetesObjects().find(({ kind }) => kind === 'Job')!;
  const rules = job.spec.podFailurePolicy!.rules;
  const final = rules.flatMap(({ action, onExitCodes }) =>
    action === 'FailJob' ? onExitCodes!.values : [],
  );
  const { IMPORTS_FAILED, ENVIRONMENT_INVALID, CREDENTIALS_MISSING } = errorTable;
  for (const { exitCode } of [IMPORTS_FAILED, ENVIRONMENT_INVALID, CREDENTIALS_MISSING])
    expect(final).toContain(exitCode);
  const { TEMPORAL_UNREACHABLE, WORKER_MISSING, INTERRUPTED } = errorTable;
  for (const { exitCode } of [TEMPORAL_UNREACHABLE, WORKER_MISSING, INTERRUPTED])
    expect(final).not.toContain(exitCode);
});
