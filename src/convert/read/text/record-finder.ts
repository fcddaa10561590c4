/** Loads the WebAssembly that finds records; its source is assembly/csv-records.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../../../config/places.js';

/** What assembly/csv-records.ts exports; numbers are bytes or counts. */
export interface RecordFinder {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly counted: { readonly value: number };
  readonly countedBytes: { readonly value: number };
  readonly longest: { readonly value: number };
  readonly listed: { readonly value: number };
  readonly line: { readonly value: number };
  readonly unfinishedBytes: { readonly value: number };
  delimiterText(): number;
  configure(
    delimiterBytes: number,
    quote: number,
    escape: number,
    newline: number,
    comment: number,
    allows: number,
    expectedFields: number,
    listedLines: number,
    rawLines: number,
  ): void;
  begin(): void;
  listLike(low: number, high: number, bytes: number): void;
  cellFacts(): number;
  records(): number;
  textStart(): number;
  room(bytes: number): number;
  take(bytes: number): void;
  scan(last: boolean): number;
}

/** The part of the standard's types that TypeScript only has for browsers. */
declare const WebAssembly: {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const CODE = join(projectDirectory, 'dist/convert/read/text/csv-records.wasm');
let module: object | undefined;
/** Each reserves gigabytes of address space: they are lent out, and made only for readings that run side by side. */
const idle: RecordFinder[] = [];

/** To be given back by whoever takes it. */
export function takeRecordFinder(): RecordFinder {
  const waiting = idle.pop();
  if (waiting) return waiting;
  module ??= new WebAssembly.Module(readFileSync(CODE));
  return new WebAssembly.Instance(module).exports as RecordFinder;
}

export function giveBackRecordFinder(finder: RecordFinder): void {
  idle.push(finder);
}
