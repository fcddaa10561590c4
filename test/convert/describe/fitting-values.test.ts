/** A check is about the values as they were written: what does not fit their type accepts nothing. */
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';

async function check(column: string, cells: readonly string[], rule: object) {
  const source = `x,end\n${cells.map((cell) => `${cell},.\n`).join('')}`;
  const entry = { columns: { x: column }, checks: { severity: 'warn', rules: [rule] } };
  const { description } = await convert(source, { entry });
  return description.checks[0]!.passed;
}

test.each([
  ['TINYINT', ['1', '2'], ['one', 300], false],
  ['TINYINT', ['1', '2'], [1, 300], false],
  ['TINYINT', ['2'], [1.5], false],
  ['TINYINT', ['1', '2'], ['1.0', 2, 'x'], true],
  ['BIGINT', ['9007199254740993'], ['9007199254740992'], false],
  ['DECIMAL(5,2)', ['1.01'], [1.005], false],
  ['DOUBLE', ['1.5', 'nan'], [1.5], false],
  ['BOOLEAN', ['true'], ['maybe'], false],
  ['BOOLEAN', ['true', 'false'], [true, false], true],
  ['DATE', ['2024-01-31'], ['31/01/2024'], false],
  ['DATE', ['2024-01-31'], ['2024-01-31', 'never'], true],
  ['TIMESTAMP', ['2024-01-31 10:00:00'], ['2024-01-31T10:00'], true],
  ['VARCHAR', ['1'], [1], true],
  ['VARCHAR', ['1.0'], [1], false],
])('accepted values of %s %j: %j', async (type, cells, values, passed) => {
  expect(await check(type, cells, { accepted_values: { column: 'x', values } })).toBe(passed);
});

test.each([
  ['TINYINT', ['1', '5'], { min: 300 }, false],
  ['TINYINT', ['1', '5'], { min: -1e300, max: 4.5 }, false],
  ['TINYINT', ['1', '5'], { min: 0.5, max: 5.5 }, true],
  ['BIGINT', ['9007199254740993'], { max: 9007199254740992 }, false],
  ['DECIMAL(5,2)', ['1.01'], { max: 1 }, false],
  ['DOUBLE', ['nan'], { min: 0 }, false],
  ['DATE', ['2024-01-31'], { min: 0 }, false],
  ['VARCHAR', ['5'], { min: 0 }, false],
])('range of %s %j: %j', async (type, cells, range, passed) => {
  expect(await check(type, cells, { range: { column: 'x', ...range } })).toBe(passed);
});
