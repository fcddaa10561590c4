/**
 * Finds the records of CSV text at the speed of memory; compiled to WebAssembly (AssemblyScript) by `npm run build`.
 * `src/convert/csv/record-scanner.ts` lends it the bytes and says what its numbers mean.
 *
 * Memory: one cell count and one longest cell a column, then the list of records to look at, then the text.
 */

/** Quoted so far, what follows a closing quote, or neither. */
const PLAIN = 0;
const QUOTED = 1;
const CLOSED = 2;

const LF: i32 = 10;
const CR: i32 = 13;
/** Bytes looked at together. */
const BLOCK: i32 = 64;
const PAGE: i32 = 65536;

/** Bits of a listed record's flags. */
const BROKEN: i32 = 1;
const UNUSUAL: i32 = 2;

/**
 * A listed record: start, end, fields, flags, `\r` before its line end or -1 (i32), 4 bytes unused, its line, and how
 * many were only counted before it (f64).
 */
const LISTED_BYTES: i32 = 40;
const LIST_LENGTH: i32 = 4096;
/** After so many that were only counted, one is listed whatever it is like. */
const SPARED: f64 = 8192;

let delimiter: i32 = 0;
let quote: i32 = 0;
let escape: i32 = 0;
let newline: i32 = 0;
let comment: i32 = 0;
let columns: i32 = 0;
let listedLines: f64 = 0;
let rawLines: f64 = 0;

let cells: i32 = 0;
let list: i32 = 0;
let text: i32 = 0;
let length: i32 = 0;

// Where the scan stands, relative to `text`.
let position: i32 = 0;
let start: i32 = 0;
let fieldStart: i32 = 0;
let skipped: i32 = -1;
let closedAt: i32 = 0;
let state: i32 = PLAIN;
let fields: i32 = 0;
let flags: i32 = 0;
let linesWithin: f64 = 0;
let usualReturns: i32 = -2;
let nextListed: f64 = 0;

/** Records that were only counted: as many fields as expected, nothing unusual, the file's usual line end. */
export let counted: f64 = 0;
/** Bytes of the longest of them. */
export let longest: i32 = 0;
/** Records in the list after a call of `scan`. */
export let listed: i32 = 0;
/** 1-based, where the record starts that is not finished yet. */
export let line: f64 = 1;
export let unfinishedBytes: i32 = 0;

/**
 * Bytes are ASCII; `none` of them is -1. Records of other than `expected` fields are listed, and all that start
 * on the first `lines` lines. With `expected` 0, every record is listed. The first `raw` lines are no records: quotes
 * mean nothing in them, nor in comments.
 */
export function configure(
  delimiterByte: i32,
  quoteByte: i32,
  escapeByte: i32,
  newlineByte: i32,
  commentByte: i32,
  expected: i32,
  lines: f64,
  raw: f64,
): void {
  delimiter = delimiterByte;
  quote = quoteByte;
  escape = escapeByte;
  newline = newlineByte;
  comment = commentByte;
  columns = expected;
  listedLines = lines;
  rawLines = raw;
  cells = <i32>__heap_base;
  list = (cells + 8 * columns + 7) & ~7;
  text = list + LISTED_BYTES * LIST_LENGTH;
}

/** For each column: unquoted empty cells (u32), bytes of its longest cell without quotes (i32). */
export function cellFacts(): i32 {
  return cells;
}

export function records(): i32 {
  return list;
}

export function textStart(): i32 {
  return text;
}

/** Makes room for `bytes` more behind the unfinished record, and says where they go. */
export function room(bytes: i32): i32 {
  const rest = length - start;
  const needed = text + rest + bytes + BLOCK;
  const pages = (needed + PAGE - 1) / PAGE - memory.size();
  if (pages > 0) memory.grow(pages);
  memory.copy(text, text + start, rest);
  position -= start;
  fieldStart -= start;
  skipped -= start;
  closedAt -= start;
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
 * the next one is known, because escapes and line ends are pairs; `last` says that there is no next one.
 */
export function scan(last: bool): bool {
  listed = 0;
  const limit = last ? length : length - 1;
  store<u8>(text + length, 0);
  while (position < limit) {
    let marks = marksAt(text + position);
    while (marks !== 0) {
      const at = position + <i32>ctz(marks);
      if (at >= limit) break;
      marks &= marks - 1;
      if (at === skipped) continue;
      // Nearly all marks are these: they are worth no call.
      if (state !== QUOTED && <i32>load<u8>(text + at) === delimiter) endField(at);
      else if (!mark(at)) {
        position = at + 1;
        return false;
      }
    }
    position += BLOCK;
  }
  if (position > limit) position = limit;
  unfinishedBytes = length - start;
  if (last && start < length) {
    if (state === QUOTED) flags |= BROKEN;
    endField(length);
    endRecord(length, length, -1);
  }
  return true;
}

/** One bit for each byte of a block that could mean something. */
function marksAt(block: i32): u64 {
  return (
    marksOf(block) |
    (marksOf(block + 16) << 16) |
    (marksOf(block + 32) << 32) |
    (marksOf(block + 48) << 48)
  );
}

function marksOf(block: i32): u64 {
  const bytes = v128.load(block);
  const separators = v128.or(
    i8x16.eq(bytes, i8x16.splat(<i8>delimiter)),
    i8x16.eq(bytes, i8x16.splat(<i8>newline)),
  );
  const quotes = v128.or(
    i8x16.eq(bytes, i8x16.splat(<i8>quote)),
    i8x16.eq(bytes, i8x16.splat(<i8>escape)),
  );
  const returns = i8x16.eq(bytes, i8x16.splat(<i8>CR));
  return (<u64>i8x16.bitmask(v128.or(v128.or(separators, quotes), returns))) & 0xffff;
}

/** Looks at one byte that could mean something and is no delimiter; false when the list is full after it. */
function mark(at: i32): bool {
  const byte = <i32>load<u8>(text + at);
  if (state === QUOTED) {
    if (byte === quote) {
      if (escape === -1 && <i32>load<u8>(text + at + 1) === quote) skipped = at + 1;
      else {
        state = CLOSED;
        closedAt = at + 1;
      }
    } else if (byte === escape) skipped = at + 1;
    else if (byte === newline) linesWithin += 1;
    return true;
  }
  if (byte === newline) {
    let end = at;
    if (newline === LF) while (end > start && load<u8>(text + end - 1) === CR) end -= 1;
    endField(end);
    return endRecord(end, at + 1, at - end);
  }
  if (state === CLOSED) {
    // Only `\r` may stand between a closing quote and what ends the field.
    if (byte === CR && at === closedAt) closedAt = at + 1;
  } else if (byte === quote) {
    if (at === fieldStart && !isRaw()) state = QUOTED;
    else flags |= UNUSUAL;
  } else if (byte === CR) {
    const next = <i32>load<u8>(text + at + 1);
    if (next !== LF && next !== CR) flags |= UNUSUAL;
  } else if (byte === escape) flags |= UNUSUAL;
  return true;
}

function isRaw(): bool {
  return line <= rawLines || <i32>load<u8>(text + start) === comment;
}

function endField(end: i32): void {
  // The `\r` of a line end stand between a closing quote and `end` of the record.
  if (state === CLOSED && closedAt < end) flags |= BROKEN;
  const bytes = end - fieldStart;
  const quotes = state === CLOSED ? 2 : 0;
  if (fields < columns && line > listedLines) {
    const cell = cells + 8 * fields;
    if (bytes === 0) store<u32>(cell, load<u32>(cell) + 1);
    else if (bytes - quotes > load<i32>(cell, 4)) store<i32>(cell, bytes - quotes, 4);
  }
  fields += 1;
  fieldStart = end + 1;
  state = PLAIN;
}

/** False when the list is full after it. */
function endRecord(end: i32, next: i32, returns: i32): bool {
  const bytes = end - start;
  const isUsual =
    fields === columns &&
    flags === 0 &&
    returns === usualReturns &&
    bytes > 0 &&
    counted < nextListed &&
    line > listedLines &&
    <i32>load<u8>(text + start) !== comment;
  if (isUsual) {
    counted += 1;
    if (bytes > longest) longest = bytes;
  } else {
    const record = list + LISTED_BYTES * listed;
    store<i32>(record, start);
    store<i32>(record, end, 4);
    store<i32>(record, fields, 8);
    store<i32>(record, flags, 12);
    store<i32>(record, returns, 16);
    store<f64>(record, line, 24);
    store<f64>(record, counted, 32);
    if (line > listedLines) nextListed = counted + SPARED;
    listed += 1;
    usualReturns = returns;
  }
  start = next;
  fieldStart = next;
  line += 1 + linesWithin;
  linesWithin = 0;
  fields = 0;
  flags = 0;
  return listed < LIST_LENGTH;
}
