/**
 * Finds the records of CSV text at the speed of memory; compiled to WebAssembly (AssemblyScript) by `npm run build`.
 * `src/convert/read/text/record-scanner.ts` lends it the bytes and says what its numbers mean.
 *
 * Memory: the delimiter, one cell count and one longest cell a column, the list of records to look at, then the text.
 */

import { areBlanks, CR, LF, MARK, returnsBefore, TAB } from './bytes';
import { BLOCK, marksAt } from './marks';
import {
  allows,
  BESIDE_QUOTES,
  cells,
  columns,
  comment,
  delimiter,
  delimiterBytes,
  delimiterText,
  escape,
  ESCAPES_OUTSIDE,
  headKey,
  headMask,
  holdUpTo,
  isOneByte,
  LIST_LENGTH,
  listedLines,
  listRecord,
  newline,
  quote,
  rawLines,
  RUNS,
  text,
} from './settings';

export { cellFacts, configure, delimiterText, listLike, records, textStart } from './settings';

/** Quoted so far, what follows a closing quote, or neither. */
const PLAIN = 0;
const QUOTED = 1;
const CLOSED = 2;

/** Bits of a listed record's flags. */
const BROKEN: i32 = 1;
const UNUSUAL: i32 = 2;

/** After so many that were only counted, one is listed whatever it is like. */
const SPARED: f64 = 8192;

// Where the scan stands, relative to `text`.
let length: i32 = 0;
let position: i32 = 0;
let start: i32 = 0;
let fieldStart: i32 = 0;
let skipped: i32 = -1;
let closedAt: i32 = 0;
let state: i32 = PLAIN;
let fields: i32 = 0;
let flags: i32 = 0;
let linesWithin: f64 = 0;
/** Behind the first line end within the record's quotes; -1 while there is none. */
let secondLine: i32 = -1;
/** That the record turned out to be its first line alone: what follows is looked at again. */
let isRewound: bool = false;
let usualReturns: i32 = -2;
let nextListed: f64 = 0;

/** Records that were only counted: as many fields as expected, nothing unusual, the file's usual line end. */
export let counted: f64 = 0;
/** Bytes of all of them, line ends included. */
export let countedBytes: f64 = 0;
/** Bytes of the longest of them. */
export let longest: i32 = 0;
/** Records in the list after a call of `scan`. */
export let listed: i32 = 0;
/** 1-based, where the record starts that is not finished yet. */
export let line: f64 = 1;
export let unfinishedBytes: i32 = 0;

/** Forgets what was before; called behind `configure`. */
export function begin(): void {
  length = position = start = fieldStart = closedAt = fields = flags = 0;
  skipped = secondLine = -1;
  state = PLAIN;
  isRewound = false;
  linesWithin = nextListed = counted = countedBytes = 0;
  usualReturns = -2;
  longest = listed = unfinishedBytes = 0;
  line = 1;
}

/** Makes room for `bytes` more behind the unfinished record, and says where they go. */
export function room(bytes: i32): i32 {
  const rest = length - start;
  holdUpTo(text + rest + bytes + BLOCK);
  memory.copy(text, text + start, rest);
  position -= start;
  fieldStart -= start;
  skipped -= start;
  closedAt -= start;
  if (secondLine !== -1) secondLine -= start;
  start = 0;
  length = rest;
  return text + rest;
}

/** Takes the bytes that were put where `room` said. */
export function take(bytes: i32): void {
  length += bytes;
}

/**
 * Scans what is there, or until the list is full: false then, and to be called again. A byte is only looked at when
 * those behind it are known that could belong to it; `last` says that there are no more.
 */
export function scan(last: bool): bool {
  listed = 0;
  const known = last ? length : length - delimiterBytes;
  const limit = known > position ? known : position;
  store<u64>(text + length, 0);
  while (scanBlocks(limit)) {
    if (position > limit) position = limit;
    unfinishedBytes = length - start;
    if (!last || start >= length) return true;
    if (state === QUOTED) flags |= BROKEN;
    endLine(length, length, false);
    if (!isRewound) return listed < LIST_LENGTH;
    isRewound = false;
    position = start;
    if (listed === LIST_LENGTH) return false;
  }
  return false;
}

/** False when the list is full. */
function scanBlocks(limit: i32): bool {
  while (position < limit) {
    const base = position;
    position = base + BLOCK;
    let marks = marksAt(text + base);
    while (marks !== 0) {
      const at = base + <i32>ctz(marks);
      if (at >= limit) break;
      marks &= marks - 1;
      if (at === skipped) continue;
      // Nearly all marks are these: they are worth no call.
      if (isOneByte && state !== QUOTED && <i32>load<u8>(text + at) === delimiter) {
        endField(at, at + 1);
        continue;
      }
      mark(at);
      if (isRewound) {
        isRewound = false;
        position = start;
        marks = 0;
        if (listed === LIST_LENGTH) return false;
      } else if (listed === LIST_LENGTH) {
        position = at + 1;
        return false;
      }
    }
  }
  return true;
}

/** Looks at one byte that could mean something. */
function mark(at: i32): void {
  const byte = <i32>load<u8>(text + at);
  if (state === QUOTED) {
    if (byte === quote) {
      if (escape === -1 && <i32>load<u8>(text + at + 1) === quote) skipped = at + 1;
      else {
        state = CLOSED;
        closedAt = at + 1;
      }
    } else if (byte === escape && (allows & RUNS) === 0) skip(at + 1);
    else if (byte === newline) lineWithin(at);
    return;
  }
  if (byte === newline) {
    endLine(at, at + 1, true);
    return;
  }
  if (!isOneByte && byte === delimiter && separates(at)) return;
  if ((allows & RUNS) !== 0 && byte === TAB) {
    separates(at);
    return;
  }
  if (byte === quote) {
    if (state === CLOSED) return;
    const mayOpen =
      at === fieldStart ||
      ((allows & BESIDE_QUOTES) !== 0 && areBlanks(text + fieldStart, text + at));
    if (mayOpen && !isRaw()) state = QUOTED;
    else flags |= UNUSUAL;
  } else if (byte === CR) {
    const next = <i32>load<u8>(text + at + 1);
    if (next !== LF && next !== CR) flags |= UNUSUAL;
  } else if (byte === escape) {
    flags |= UNUSUAL;
    if ((allows & ESCAPES_OUTSIDE) !== 0 && !isRaw()) skip(at + 1);
  }
}

/** What an escape takes its meaning from; a line end among them is one within the record. */
function skip(at: i32): void {
  skipped = at;
  if (<i32>load<u8>(text + at) === newline) lineWithin(at);
}

function lineWithin(at: i32): void {
  linesWithin += 1;
  if (secondLine === -1) secondLine = at + 1;
}

/** Ends a field where a delimiter of several bytes, or the first blank of a run, stands. */
function separates(at: i32): bool {
  if (at < fieldStart) return true;
  if ((allows & RUNS) !== 0) {
    if (at === fieldStart) fieldStart = at + 1;
    else endField(at, at + 1);
    return true;
  }
  if (at + delimiterBytes > length) return false;
  if (memory.compare(text + at, delimiterText(), delimiterBytes) !== 0) return false;
  endField(at, at + delimiterBytes);
  return true;
}

function isRaw(): bool {
  return line <= rawLines || <i32>load<u8>(text + start) === comment;
}

function endField(end: i32, next: i32): void {
  if (state === CLOSED && closedAt < end) {
    if ((allows & BESIDE_QUOTES) === 0 || !areBlanks(text + closedAt, text + end)) flags |= BROKEN;
  }
  const bytes = end - fieldStart;
  const quotes = state === CLOSED ? 2 : 0;
  if (fields < columns && line > listedLines) {
    const cell = cells + 8 * fields;
    if (bytes === 0) store<u32>(cell, load<u32>(cell) + 1);
    else if (bytes - quotes > load<i32>(cell, 4)) store<i32>(cell, bytes - quotes, 4);
  }
  fields += 1;
  fieldStart = next;
  state = PLAIN;
}

/** Ends the record at a line end, or where the text ends; `\r` before either belong to the line end. */
function endLine(at: i32, next: i32, isEnded: bool): void {
  let end = at;
  if (newline === LF && state !== QUOTED) end -= returnsBefore(text + start, text + end);
  // A run of blanks at the end separates nothing.
  if ((allows & RUNS) === 0 || fields === 0 || fieldStart < end) endField(end, next);
  const isBroken = (flags & BROKEN) !== 0;
  // A quote that does not close as it should may have opened none: the next line is a record of its own.
  if (isBroken && secondLine !== -1) {
    const first = secondLine - 1;
    end = first;
    if (newline === LF) end -= returnsBefore(text + start, text + end);
    linesWithin = 0;
    isRewound = true;
    endRecord(end, secondLine, first - end);
  } else endRecord(end, next, isEnded ? at - end : -1);
}

function endRecord(end: i32, next: i32, returns: i32): void {
  const bytes = end - start;
  const isUsual =
    fields === columns &&
    flags === 0 &&
    returns === usualReturns &&
    bytes > 0 &&
    counted < nextListed &&
    line > listedLines &&
    <i32>load<u8>(text + start) !== comment &&
    <i32>load<u8>(text + start) !== MARK &&
    (headMask === 0 || (load<u64>(text + start) & headMask) !== headKey);
  if (isUsual) {
    counted += 1;
    countedBytes += <f64>(next - start);
    if (bytes > longest) longest = bytes;
  } else {
    listRecord(listed, start, end, fields, flags, returns, next - start, line, counted);
    if (line > listedLines) nextListed = counted + SPARED;
    listed += 1;
    usualReturns = returns;
  }
  start = next;
  fieldStart = next;
  state = PLAIN;
  skipped = -1;
  secondLine = -1;
  line += 1 + linesWithin;
  linesWithin = 0;
  fields = 0;
  flags = 0;
}
