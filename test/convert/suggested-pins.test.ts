/** A refusal shows bad records beside a good one, and pins that were tried. */
import { expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

async function refusal(
  source: string,
): Promise<{ message: string; nextStep: string; code: string }> {
  return (await convert(source).catch((error: unknown) => error)) as never;
}

test('for records that do not fit', async () => {
  const { code, message, nextStep } = await refusal('a,b\n1,x\n2\n3,y\n');
  expect(code).toBe('TOO_MANY_REJECTS');
  expect(message).toContain('line 3: 1 fields, expected 2: "2"; a row reads "1 | x"');
  expect(nextStep).toContain('csv: {ragged: pad}');
  const { rows } = await convert('a,b\n1,x\n2\n3,y\n', { entry: { csv: { ragged: 'pad' } } });
  expect(rows).toEqual([
    [1, 'x'],
    [2, null],
    [3, 'y'],
  ]);
});

test('for lines above the header, and never for rows', async () => {
  const above = await refusal('Made by,me\nid,name,n\n1,Ann,3\n2,Bob,4\n3,Eve,5\n');
  expect(above.nextStep).toContain('csv: {skip_lines: 1}');
  const below = await refusal('id,name,n\nMade by,me\n1,Ann,3\n2,Bob,4\n3,Eve,5\n');
  expect(below.nextStep).toContain('csv: {ragged: pad}');
});

test('for a header whose quote is never closed', async () => {
  const { code, nextStep } = await refusal('id,name,"city\n1,Ann,"Oslo"\n2,Bob,"Rome"\n');
  expect(code).toBe('FORMAT_UNREADABLE');
  expect(nextStep).toContain('csv: {quote: none}');
});

test('but none that does not let the file in', async () => {
  const { nextStep } = await refusal('a,b\n1,2\n1,2,3\n4,5\n6,7,8,9\n');
  expect(nextStep).not.toContain('tried');
});
