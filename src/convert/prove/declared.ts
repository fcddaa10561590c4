/** The rules of a column whose type the source declares, though it is read as text. */
import { decimal } from './numbers.js';
import { TEXT, type TypeRule } from './rule.js';

const DECIMAL = /^DECIMAL\((\d+),(\d+)\)$/;

/** The declared type, and text where a cell is none of it. */
export function declaredRules(type: string): readonly TypeRule[] {
  const [, precision, scale] = DECIMAL.exec(type) ?? [];
  return precision === undefined ? [TEXT] : [decimal(Number(precision), Number(scale)), TEXT];
}
