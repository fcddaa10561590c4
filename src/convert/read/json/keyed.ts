/** Objects whose names are values: a row a member, or an element of it, with the name in a column of its own. */
import type { Cells } from '../record.js';
import { cellsOfMembers } from './members.js';
import type { JsonMember, JsonShape } from './json-shape.js';
import { cellOf, objectMembers } from './json-text.js';

/** So many members are no settings. */
const MANY_VALUES = 30;

/** `name`, or `name_`, ... where the objects have that name. */
export function freeName(name: string, names: ReadonlySet<string>): string {
  return names.has(name) ? freeName(`${name}_`, names) : name;
}

/** Of an object with one member, whose value is an object. */
export function keyedObject(key: string): (text: string) => Cells | string {
  return (text) => {
    const [name, value] = objectMembers(text)[0]!;
    if (!value.startsWith('{')) return 'expected an object, as the others are';
    return cellsOfMembers([[key, JSON.stringify(name)], ...objectMembers(value)]);
  };
}

/** Of an object in the list of a member. */
export function keyedElement(key: string): (text: string, member?: string) => Cells | string {
  return (text, member) => {
    if (!text.startsWith('{')) return 'expected an object, as the others are';
    return cellsOfMembers([[key, JSON.stringify(member)], ...objectMembers(text)]);
  };
}

/** Of an object with one member, whatever its value. */
export function keyedValue(text: string): Cells {
  const [name, value] = objectMembers(text)[0]!;
  return new Map([
    ['key', name],
    ['value', cellOf(value)],
  ]);
}

/** Numbers for names, or so many values of one kind that none of them is a column; lists of lengths that differ. */
export function isDictionary({ members, all }: JsonShape): boolean {
  const isMany = members.length > MANY_VALUES;
  if (all === 'list') return isMany && new Set(members.map(({ elements }) => elements)).size > 1;
  if (all !== 'value' || members.length < 2) return false;
  if (members.every(({ name }) => /^\d+$/.test(name))) return true;
  return isMany && new Set(members.map(kindOf)).size === 1;
}

/** A long value is a text. */
function kindOf({ text = '"' }: JsonMember): string {
  return text.startsWith('"') ? 'text' : /^[-\d]/.test(text) ? 'number' : text;
}
