/** JSON is split into its values, at any border of pieces, as JSON.parse reads it whole. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonParts, type Within } from '../../../src/convert/read/json/json-parts.js';
import { jsonShape } from '../../../src/convert/read/json/json-shape.js';
import { propertyCases } from '../../helpers/properties.js';

const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' });
/** Names and texts full of what means something outside of strings. */
const nasty = fc.array(fc.constantFrom('"', '\\', '[', '{', ']', '}', ',', ':', ' ', '\n', 'a'));
const name = fc.oneof(
  nasty.map((some) => some.join('')),
  fc.string(),
);
const indent = fc.constantFrom(0, 2);
const size = fc.integer({ min: 1, max: 9 });

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  await Promise.resolve();
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

async function parts(text: string, length: number, within: Within): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { raw } of jsonParts(pieces(text, length), { within })) {
    found.push(JSON.parse(raw));
  }
  return found;
}

test('elements of a list', async () => {
  const lists = fc.array(fc.oneof(value, name));
  await fc.assert(
    fc.asyncProperty(lists, indent, size, async (list, spaces, length) => {
      const text = JSON.stringify(list, null, spaces);
      expect(await parts(text, length, 'root')).toEqual(JSON.parse(text));
    }),
    propertyCases(300),
  );
});

test('values that follow each other, members of an object, and one list in it', async () => {
  const objects = fc.dictionary(name, fc.oneof(value, fc.array(fc.dictionary(name, value))), {
    maxKeys: 5,
    noNullPrototype: true,
  });
  await fc.assert(
    fc.asyncProperty(objects, indent, size, async (object, spaces, length) => {
      const text = JSON.stringify(object, null, spaces);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      expect(await parts(`${text}\n${text}${text} `, length, 'roots')).toEqual([
        ...[parsed, parsed, parsed],
      ]);
      const members = Object.entries(parsed).map(([key, member]) => ({ [key]: member }));
      expect(await parts(text, length, 'root')).toEqual(members);

      const shape = await jsonShape(pieces(text, length));
      expect(shape.isSeveral).toBe(false);
      expect(shape.members.map((member) => member.name)).toEqual(Object.keys(parsed));
      for (const { name: key, kind, objects: records } of shape.members) {
        const member = parsed[key];
        expect(kind).toBe(kindOf(member));
        if (!Array.isArray(member) || member.length === 0) continue;
        expect(records).toBe(member.filter((one) => kindOf(one) === 'object').length);
        expect(await parts(text, length, { member: key })).toEqual(member);
      }
    }),
    propertyCases(300),
  );
});

function kindOf(one: unknown): string {
  if (Array.isArray(one)) return 'list';
  return typeof one === 'object' && one !== null ? 'object' : 'value';
}
