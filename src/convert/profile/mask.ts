/** Shows the shape of a personal value and none of its content. */

const MAX_LENGTH = 24;

/** `ada@lovelace.org` -> `xxx@xxxxxxxx.xxx`, `+33 6 12` -> `+99 9 99`; cut after 24 characters. */
export function mask(value: string): string {
  const shape = value.replace(/\p{N}/gu, '9').replace(/[\p{L}\p{M}]/gu, 'x');
  return shape.length > MAX_LENGTH ? `${shape.slice(0, MAX_LENGTH)}...` : shape;
}
