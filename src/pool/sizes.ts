/** How many processes there are, and how much memory each may take: from the machine and `memory_limit`. */
import { availableParallelism } from 'node:os';
import { totalMemory } from '../room/memory.js';

/** Node itself, and code. */
const BASE_BYTES = 256e6;

/** What DuckDB may take for a small dataset: those wait for no large ones, whose memory is counted apart. */
export const SMALL_MEMORY = 256e6;
/** Of small datasets. */
const MAX_SMALL = 2;

/** Of downloads; beyond the cores, more processes add no speed. */
const MAX_TRANSFERS = 4;

/** The workers take so many downloads and questions at once. */
const TRANSFERS_AT_ONCE = 16;

/**
 * Of the memory that a container may take or the machine has, half goes to conversions; the rest is the file cache,
 * downloads and the worker.
 */
const SHARE = 0.5;

export interface ProcessMemory {
  /** Of JavaScript objects. */
  readonly heapBytes: number;
  /** Of everything in the process: DuckDB's memory, objects, Node. */
  readonly residentBytes: number;
}

/** @param memoryLimit - what DuckDB may take for one conversion; objects may take as much again */
export function memoryOf(memoryLimit: number): ProcessMemory {
  return { heapBytes: memoryLimit, residentBytes: 2 * memoryLimit + BASE_BYTES };
}

/** Of objects and DuckDB, for a byte of the source: a small file needs no more, a large one has its limits. */
const FOR_A_SOURCE_BYTE = 16;
/** Beside what an idle process has. */
const AT_LEAST_BYTES = 64e6;

/** What a conversion is taken to need, at most its limit. */
export function memoryFor(memoryLimit: number, sourceBytes: number): number {
  const wanted = AT_LEAST_BYTES + FOR_A_SOURCE_BYTE * sourceBytes;
  return Math.min(memoryOf(memoryLimit).residentBytes, wanted);
}

/** A conversion uses two cores; the second process fills the gaps while the first uploads. */
export function poolSizes(memoryLimit: number) {
  const cores = availableParallelism();
  const fitting = Math.floor((SHARE * totalMemory()) / memoryOf(memoryLimit).residentBytes);
  const conversions = Math.max(2, Math.min(Math.floor(cores / 2), fitting));
  const transfers = Math.min(cores, MAX_TRANSFERS);
  return {
    conversions: { processes: conversions, jobsPerProcess: 1 },
    small: { processes: Math.min(cores, MAX_SMALL), jobsPerProcess: 1 },
    transfers: {
      processes: transfers,
      jobsPerProcess: Math.ceil(TRANSFERS_AT_ONCE / transfers),
    },
  };
}
