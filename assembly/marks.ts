/** Finds the bytes of a block that could mean something, many at once. */
import { CR } from './bytes';
import { delimiter, escape, newline, quote } from './settings';

/** Bytes looked at together. */
export const BLOCK: i32 = 64;

/** One bit for each byte of a block that could mean something. */
export function marksAt(block: i32): u64 {
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
