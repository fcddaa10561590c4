/** Shows the shape of a personal value and none of its content. */
import { isPersonal } from './personal-data.js';

const MAX_LENGTH = 24;

/** Any value of a column of personal data, and elsewhere one whose own form says that it is personal, is masked. */
export function shown(value: string, inPersonalColumn: boolean, most = MAX_LENGTH): string {
  return inPersonalColumn || isPersonal(value) ? mask(value, most) : value;
}

/** `ada@lovelace.org` -> `xxx@xxxxxxxx.xxx`, `+33 6 12` -> `+99 9 99`; cut after 24 characters. */
export function mask(value: string, most = MAX_LENGTH): string {
  const shape = value.replace(/\p{N}/gu, '9').replace(/[\p{L}\p{M}]/gu, 'x');
  const characters = [...shape];
  return characters.length > most ? `${characters.slice(0, most).join('')}...` : shape;
}
