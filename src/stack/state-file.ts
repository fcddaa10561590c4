/** Reads and writes `.stack/stack.json`, the record of what this clone has started. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../locks/process-identity.js';
import { SERVICE_NAMES } from './types.js';
import type { ServiceName, ServiceState, StackState, WorkerState } from './types.js';

const identity = { pid: z.number().int().positive(), startTime: z.string() };
const service = z.object({
  ...identity,
  port: z.number().int(),
  uiPort: z.number().int().optional(),
  log: z.string(),
  isEnding: z.boolean().optional(),
});
const worker = z.object({
  ...identity,
  code: z.string(),
  settings: z.record(z.string(), z.string()),
  log: z.string(),
});
const file = z.object({
  services: z.partialRecord(z.enum(SERVICE_NAMES), service),
  worker: worker.optional(),
});

type Recorded<T> = Omit<T, 'alive'>;

interface RecordedService extends Recorded<ServiceState> {
  /** It has been asked to end, and may answer until it does. */
  readonly isEnding?: boolean | undefined;
}

/** The record without what only holds at the moment of reading. */
export interface StackRecord {
  services: Partial<Record<ServiceName, RecordedService>>;
  worker?: Recorded<WorkerState>;
}

export function stackFile(directory: string): string {
  return join(directory, 'stack.json');
}

/** A file that is missing or damaged is an empty record: the next start writes it anew. */
export function readRecord(directory: string): StackRecord | undefined {
  try {
    const text = readFileSync(stackFile(directory), 'utf8');
    return file.parse(JSON.parse(text)) as StackRecord;
  } catch {
    return undefined;
  }
}

/**
 * Writes in one step: a reader sees the old record or the new one. Synchronous, so that nothing
 * comes between starting a process and recording it.
 */
export function writeRecord(directory: string, record: StackRecord): void {
  mkdirSync(directory, { recursive: true });
  const temporary = `${stackFile(directory)}.${process.pid}.tmp`;
  // The hashes of the worker's settings are nobody else's business.
  writeFileSync(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, stackFile(directory));
}

/** What is recorded in `directory` (the absolute path of `.stack`), with what of it is alive. */
export function readStack(directory: string): Promise<StackState | undefined> {
  const record = readRecord(directory);
  return Promise.resolve(record && toState(directory, record));
}

export function toState(directory: string, record: StackRecord): StackState {
  const services: Partial<Record<ServiceName, ServiceState>> = {};
  for (const name of SERVICE_NAMES) {
    const found = record.services[name];
    if (found) services[name] = { ...found, alive: isAlive(found) };
  }
  return {
    directory,
    services,
    ...(record.worker && { worker: { ...record.worker, alive: isAlive(record.worker) } }),
  };
}
