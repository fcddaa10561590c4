/** Finds out how a JSON text that is an object, or several, holds its records. */
import { CUT, jsonParts, nameOf } from './json-parts.js';
import { objectMembers } from './json-text.js';
import { JsonScanner } from './scanner.js';

export interface JsonMember {
  readonly name: string;
  readonly kind: 'list' | 'object' | 'value';
  /** Of a list. */
  readonly elements: number;
  /** Elements that are objects. */
  readonly objects: number;
  /** Elements that are lists. */
  readonly lists: number;
  /** Of a short value: its raw text. */
  readonly text?: string;
}

export interface JsonShape {
  /** Values follow each other; the members are those of the first. */
  readonly isSeveral: boolean;
  /** The first of them, MEMBERS_KEPT at most. */
  readonly members: readonly JsonMember[];
  /** What all members are, those that are not kept, too; nothing where they differ, or there is none. */
  readonly all?: JsonMember['kind'];
}

const MEMBERS_KEPT = 10_000;
const SHORT = 100;
const LIKE_SAMPLE = 1000;
/** Of the names of all objects, an object has so many; where there are many objects, some may be left out of any. */
const LIKE_SHARE = 0.6;
const MANY = 30;

/**
 * One reading of the whole text, or to the end of its first value when others follow.
 * @throws SyntaxError when it does not end
 */
export async function jsonShape(pieces: AsyncIterable<string>): Promise<JsonShape> {
  const scanner = new JsonScanner();
  const members: JsonMember[] = [];
  const kinds = new Set<JsonMember['kind']>();
  let member: { -readonly [Key in keyof JsonMember]: JsonMember[Key] } | undefined;
  let label = '';
  let isEnded = false;
  let isSeveral = false;
  let hasElement = false;

  const finish = (text: string): void => {
    const found = member ?? valueMember(text);
    if (!found) return;
    kinds.add(found.kind);
    if (members.length < MEMBERS_KEPT) members.push(found);
    member = undefined;
  };

  for await (const piece of pieces) {
    let from = 0;
    scanner.scan(piece, (mark, at) => {
      const { level } = scanner;
      const opens = mark === '[' || mark === '{';
      if (isEnded) isSeveral ||= opens;
      else if (level === 1 && opens) from = at + 1;
      else if (level === 2 && opens) {
        const name = nameOf(label + piece.slice(from, at)) ?? '';
        const kind = mark === '[' ? 'list' : 'object';
        member = { name, kind, elements: 0, objects: 0, lists: 0 };
        hasElement = false;
        label = '';
      } else if (level === 3 && opens && member && !hasElement) {
        hasElement = true;
        if (mark === '{') member.objects += 1;
        else member.lists += 1;
      } else if (level === 2 && mark === ',' && member) {
        member.elements += 1;
        hasElement = false;
      } else if (level === 1 && !opens && mark !== ',') {
        // The list or the object of a member ends here; its last element has no comma.
        if (member?.kind === 'list') member.elements += 1;
        label = '';
        from = at + 1;
      } else if (level <= 1) {
        finish(label + piece.slice(from, at));
        label = '';
        from = at + 1;
        isEnded = level === 0;
      }
    });
    if (isSeveral) break;
    label = scanner.level === 1 ? label + piece.slice(from) : '';
  }
  if (!isEnded) throw new SyntaxError(`line ${scanner.line}: ${CUT}`);
  const [all, ...others] = kinds;
  return { isSeveral, members, ...(all && others.length === 0 && { all }) };
}

function valueMember(text: string): JsonMember | undefined {
  const label = /^\s*"(?:[^"\\]|\\.)*"\s*:/s.exec(text)?.[0] ?? '';
  const name = nameOf(label);
  if (name === undefined) return undefined;
  const value = text.slice(label.length).trim();
  return {
    ...{ name, kind: 'value', elements: 0, objects: 0, lists: 0 },
    ...(value.length <= SHORT && { text: value }),
  };
}

/**
 * The names of the objects of a list, or of all members that are objects, when these share most of them.
 * @param within Whether the members of the object, or the elements of the lists in it, are the objects
 */
export async function namesOfAlike(
  pieces: AsyncIterable<string>,
  within: 'root' | 'lists',
): Promise<ReadonlySet<string> | undefined> {
  const names = new Set<string>();
  let found = 0;
  let objects = 0;
  for await (const { raw } of jsonParts(pieces, { within })) {
    const value = within === 'root' ? objectMembers(raw)[0]![1] : raw;
    if (!value.startsWith('{')) return undefined;
    const inner = objectMembers(value);
    for (const [name] of inner) names.add(name);
    found += inner.length;
    if ((objects += 1) === LIKE_SAMPLE) break;
  }
  const share = within === 'root' && objects > MANY ? 0 : LIKE_SHARE;
  const areAlike = objects > 1 && found > 0 && found >= share * names.size * objects;
  return areAlike ? names : undefined;
}
