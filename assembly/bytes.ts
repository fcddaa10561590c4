/** The bytes that mean something in any dialect. */

export const TAB: i32 = 9;
export const LF: i32 = 10;
export const CR: i32 = 13;
export const BLANK: i32 = 32;
/** The first of the three bytes of U+FEFF. */
export const MARK: i32 = 0xef;

/** Of memory, the end excluded. */
export function areBlanks(from: i32, to: i32): bool {
  for (let at = from; at < to; at += 1) {
    const byte = <i32>load<u8>(at);
    if (byte !== BLANK && byte !== TAB) return false;
  }
  return true;
}

/** How many `\r` stand before the end. Of memory, the end excluded. */
export function returnsBefore(from: i32, to: i32): i32 {
  let at = to;
  while (at > from && load<u8>(at - 1) === CR) at -= 1;
  return to - at;
}
