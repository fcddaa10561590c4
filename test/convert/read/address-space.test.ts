/** One WebAssembly memory serves a process: each reserves ten gigabytes of addresses. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSource } from '../../helpers/read-source.js';

const STATUS = '/proc/self/status';
const MORE_FILES = 20;
const LEAST_OF_ONE_KIB = 8 << 20;

function peakKib(): number {
  return Number(/^VmPeak:\s*(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'))![1]);
}

test.skipIf(!existsSync(STATUS))('more files take no more addresses', async () => {
  const read = (n: number) => readSource(Buffer.from(`a;b\n${n};x\n${n};y\n`), 'table.csv');
  await read(0);
  const before = peakKib();
  for (let n = 1; n <= MORE_FILES; n += 1) await read(n);
  expect(peakKib() - before).toBeLessThan(LEAST_OF_ONE_KIB);
});
