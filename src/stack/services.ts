/** The servers of the embedded stack, and how one of them is started or taken over. */
import { join } from 'node:path';
import { ImportError } from '../errors/index.js';
import { launch, START_TIMEOUT_MS, waitUntilHealthy } from './launch.js';
import { listensOn } from './listener.js';
import { minioServer } from './minio-server.js';
import { answers, choosePort, LOOPBACK } from './ports.js';
import { postgresServer } from './postgres-server.js';
import { isAlive, type ProcessIdentity } from '../locks/process-identity.js';
import { terminate } from './end-process.js';
import { sampleKaggle } from './sample-kaggle.js';
import type { Ports, PreparedService, ServiceDefinition } from './service.js';
import { writeRecord } from './state-file.js';
import type { StackRecord } from './state-file.js';
import { temporalServer } from './temporal-server.js';
import type { ServiceName, StackOptions } from './types.js';

export const SERVICES: Readonly<Record<ServiceName, ServiceDefinition>> = {
  temporal: temporalServer,
  postgres: postgresServer,
  minio: minioServer,
  kaggle: sampleKaggle,
};

/** A server that is only slow, on a machine with much other work, is not to be started again. */
const REUSE_TIMEOUT_MS = 60_000;
/** Between choosing a port and binding it another program can take it. */
const PORT_ATTEMPTS = 3;

export interface StartContext {
  readonly options: StackOptions;
  readonly signal: AbortSignal;
  /** Changed and written as processes start. */
  readonly record: StackRecord;
  readonly reservedPorts: Set<number>;
  /** What this call has started, to be stopped again if it fails. */
  readonly started: Set<ServiceName>;
}

/** Leaves a healthy server of ours alone; otherwise starts one. */
export async function ensureService(name: ServiceName, context: StartContext): Promise<void> {
  const definition = SERVICES[name];
  const { options, signal, record } = context;
  const known = record.services[name];
  if (known && isAlive(known)) {
    const healthy = await waitUntilHealthy(known, {
      name,
      log: known.log,
      timeoutMs: REUSE_TIMEOUT_MS,
      signal,
      isHealthy: () =>
        isOurs(known, known, (ports) =>
          definition.stillAnswers
            ? definition.stillAnswers(ports)
            : definition.isHealthy(ports, options),
        ),
    }).then(
      () => true,
      () => false,
    );
    signal.throwIfAborted();
    if (healthy) return;
    options.onProgress(`${name}: runs but does not answer; starting it again`);
    await endService(name, record, options.directory);
  }
  await start(definition, await definition.prepare({ ...options, signal }), context);
}

async function start(
  definition: ServiceDefinition,
  prepared: PreparedService,
  context: StartContext,
): Promise<void> {
  const { name, usualPorts } = definition;
  const { options, record, reservedPorts } = context;
  for (let attempt = 1; ; attempt++) {
    // The port of the last time first: addresses in users' notes and tools stay valid.
    const last = record.services[name];
    const port = await choosePort([last?.port, usualPorts.port], reservedPorts);
    const ports: Ports =
      usualPorts.uiPort === undefined
        ? { port }
        : { port, uiPort: await choosePort([last?.uiPort, usualPorts.uiPort], reservedPorts) };
    try {
      await startOnce(definition, prepared, ports, context);
      const ui = ports.uiPort === undefined ? '' : ` (web: http://${LOOPBACK}:${ports.uiPort})`;
      options.onProgress(`${name}: ready on ${LOOPBACK}:${port}${ui}`);
      return;
    } catch (error) {
      const taken = await Promise.all([port, ports.uiPort ?? port].map(answers));
      const portLost = error instanceof ImportError && taken.includes(true);
      if (!portLost || attempt === PORT_ATTEMPTS) throw error;
      options.onProgress(`${name}: another program took port ${port}; trying another one`);
    }
  }
}

async function startOnce(
  definition: ServiceDefinition,
  prepared: PreparedService,
  ports: Ports,
  { options, signal, record, started }: StartContext,
): Promise<void> {
  const { name } = definition;
  const { directory } = options;
  const log = join(directory, 'logs', `${name}.log`);
  await prepared.clearLeftovers?.();
  signal.throwIfAborted();
  const identity = launch({ name, directory, log, ...prepared.launch(ports) });
  record.services[name] = { ...identity, ...ports, log };
  writeRecord(directory, record);
  started.add(name);
  try {
    await waitUntilHealthy(identity, {
      name,
      log,
      timeoutMs: START_TIMEOUT_MS,
      signal,
      isHealthy: () => isOurs(identity, ports, (all) => definition.isHealthy(all, options)),
    });
  } catch (error) {
    await endService(name, record, directory);
    throw error;
  }
}

/**
 * For callers that hold the lock. It is recorded before the server is asked: it answers until its end, and a start after
 * a `kill -9` of this command would take it for one that runs on.
 */
export async function endService(
  name: ServiceName,
  record: StackRecord,
  directory: string,
): Promise<void> {
  const known = record.services[name];
  if (!known || !isAlive(known)) return;
  record.services[name] = { ...known, isEnding: true };
  writeRecord(directory, record);
  await terminate(known, SERVICES[name].stopSignal, SERVICES[name].stopGraceMs);
  record.services[name] = known;
  writeRecord(directory, record);
}

/** A start of another clone may have bound the port first, and answers until ours has given up. */
async function isOurs(
  { pid }: ProcessIdentity,
  ports: Ports,
  ask: (ports: Ports) => Promise<boolean>,
): Promise<boolean> {
  const all = ports.uiPort === undefined ? [ports.port] : [ports.port, ports.uiPort];
  return all.every((port) => listensOn(pid, port)) && ask(ports);
}
