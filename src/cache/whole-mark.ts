/** How another process knows that a file which it reads while it grows has all its bytes. */

/** Beside the file, made when the last byte of it is there. */
export function wholeMark(file: string): string {
  return `${file}.whole`;
}
