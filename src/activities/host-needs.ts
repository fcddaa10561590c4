/** What a conversion needs of its host, and what is told while it waits for it. */
import type { Growth, TableSource } from '../convert/types.js';
import { memoryFor } from '../pool/sizes.js';
import type { Needs } from '../room/index.js';
import type { Measured } from './step-meter.js';

/** Its Parquet is no larger than its source; of one that grows, new files alone are converted. */
export function needsOf(
  table: TableSource,
  growth: Growth | undefined,
  memoryLimit: number,
): Needs {
  const members = growth?.members ?? [table];
  const diskBytes = members.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0);
  return { diskBytes, memoryBytes: memoryFor(memoryLimit, diskBytes) };
}

export function waiting(of: 'disk' | 'memory'): string {
  return `waiting for ${of} of the host`;
}

export function waitingTable({ name, sourceBytes }: TableSource, of: 'disk' | 'memory'): Measured {
  const phase = waiting(of);
  return { ...{ doing: 'converting', name, phase, unit: 'bytes' }, done: 0, total: sourceBytes };
}
