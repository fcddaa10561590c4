/** What the scan is told of a file: its dialect, which records are wanted, and where in the memory things stand. */
import { TAB } from './bytes';

const PAGE: i32 = 65536;
const LONGEST_DELIMITER: i32 = 32;

/** Bits of what else a dialect allows. */
export const RUNS: i32 = 1;
export const BESIDE_QUOTES: i32 = 2;
export const ESCAPES_OUTSIDE: i32 = 4;

/**
 * A listed record: start, end, fields, flags, `\r` before its line end or -1, bytes with its line end (i32), its line,
 * and how many were only counted before it (f64).
 */
const LISTED_BYTES: i32 = 40;
export const LIST_LENGTH: i32 = 4096;

export let delimiter: i32 = 0;
export let delimiterBytes: i32 = 1;
export let isOneByte: bool = true;
export let allows: i32 = 0;
export let quote: i32 = 0;
export let escape: i32 = 0;
export let newline: i32 = 0;
export let comment: i32 = 0;
export let columns: i32 = 0;
export let listedLines: f64 = 0;
export let rawLines: f64 = 0;
/** The first bytes of the header, and which of them to look at. */
export let headKey: u64 = 0;
export let headMask: u64 = 0;

export let cells: i32 = 0;
let list: i32 = 0;
export let text: i32 = 0;

/** Where `configure` expects the bytes of the delimiter. */
export function delimiterText(): i32 {
  if (memory.size() === 0) memory.grow(1);
  return <i32>__heap_base;
}

/**
 * Bytes are ASCII; `none` of them is -1. Records of other than `expected` fields are listed, and all that start on the
 * first `lines` lines. With `expected` 0, every record is listed. The first `raw` lines are no records: quotes mean
 * nothing in them, nor in comments.
 */
export function configure(
  delimiterLength: i32,
  quoteByte: i32,
  escapeByte: i32,
  newlineByte: i32,
  commentByte: i32,
  allowed: i32,
  expected: i32,
  lines: f64,
  raw: f64,
): void {
  delimiter = <i32>load<u8>(delimiterText());
  delimiterBytes = delimiterLength;
  allows = allowed;
  isOneByte = delimiterLength === 1 && (allowed & RUNS) === 0;
  quote = quoteByte;
  // A run has two kinds of blanks, and no escape.
  escape = (allowed & RUNS) !== 0 ? TAB : escapeByte;
  newline = newlineByte;
  comment = commentByte;
  columns = expected;
  listedLines = lines;
  rawLines = raw;
  cells = <i32>__heap_base + LONGEST_DELIMITER;
  list = (cells + 8 * columns + 7) & ~7;
  text = list + LISTED_BYTES * LIST_LENGTH;
  holdUpTo(text);
  memory.fill(cells, 0, list - cells);
  headKey = headMask = 0;
}

/** Records that begin with the first `bytes` bytes of these two words, eight at most, are listed. */
export function listLike(low: u32, high: u32, bytes: i32): void {
  const one: u64 = 1;
  const bits: u64 = 8 * bytes;
  const above: u64 = high;
  headMask = bytes === 8 ? u64.MAX_VALUE : (one << bits) - 1;
  headKey = (low | (above << 32)) & headMask;
}

/** Writes the record down as the one at `place` in the list. */
export function listRecord(
  place: i32,
  start: i32,
  end: i32,
  fields: i32,
  flags: i32,
  returns: i32,
  bytes: i32,
  line: f64,
  counted: f64,
): void {
  const record = list + LISTED_BYTES * place;
  store<i32>(record, start);
  store<i32>(record, end, 4);
  store<i32>(record, fields, 8);
  store<i32>(record, flags, 12);
  store<i32>(record, returns, 16);
  store<i32>(record, bytes, 20);
  store<f64>(record, line, 24);
  store<f64>(record, counted, 32);
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

/** Makes the memory hold `bytes`. */
export function holdUpTo(bytes: i32): void {
  const pages = (bytes + PAGE - 1) / PAGE - memory.size();
  if (pages > 0) memory.grow(pages);
}
