/** What a worker takes part in: all of it, or on a host with several workers one part. */
import { parseArgs } from 'node:util';
import { TASK_QUEUES } from './contract.js';
import { ImportError } from './errors/index.js';
import type { PolledQueue } from './temporal/pollers.js';

export const WORKER_ROLES = ['download', 'convert', 'all'] as const;
/**
 * `download`: workflows, questions and downloads. `convert`: what becomes of the files of its host. An import stays
 * on the host that has its bytes, so a host that downloads needs a worker that converts, on the same `CACHE_DIR`.
 */
export type WorkerRole = (typeof WORKER_ROLES)[number];

/** From the command line: `--role convert`. Throws USAGE. */
export function roleOf(args: readonly string[]): WorkerRole {
  const expected = `--role ${WORKER_ROLES.join(', --role ')} or nothing`;
  let role: string;
  try {
    const options = { role: { type: 'string', default: 'all' } } as const;
    ({ role } = parseArgs({ args: [...args], options, strict: true }).values);
  } catch (cause) {
    throw new ImportError('USAGE', { expected, found: args.join(' '), cause });
  }
  const known = WORKER_ROLES.find((one) => one === role);
  if (known === undefined) throw new ImportError('USAGE', { expected, found: `--role ${role}` });
  return known;
}

export function downloads(role: WorkerRole): boolean {
  return role !== 'convert';
}

export function converts(role: WorkerRole): boolean {
  return role !== 'download';
}

/** All that a worker of the role polls. */
export function queuesOf(role: WorkerRole, hostQueue: string): PolledQueue[] {
  const { control, download, upkeep } = TASK_QUEUES;
  const activities = (name: string): PolledQueue => ({ name, takes: 'activities' });
  return [
    ...(downloads(role)
      ? [{ name: control, takes: 'workflows' } as const, activities(control), activities(download)]
      : []),
    ...(converts(role) ? [activities(hostQueue), activities(upkeep(hostQueue))] : []),
  ];
}
