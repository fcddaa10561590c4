/** Excel: what stands in a cell and has no value is missing in the table, and the import says so. */
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';
import { workbookOf } from '../../helpers/workbook.js';

async function convertCells(cells: readonly string[], sheet = 'S') {
  const source = await workbookOf(cells, sheet.replaceAll('&', '&amp;'));
  return convert(source, { format: 'workbook', originalPath: `b.xlsx#${sheet}`, inside: sheet });
}

test('errors are counted, each kind named', async () => {
  const { rows, result } = await convertCells(
    ['<c t="e"><v>#DIV/0!</v></c>', '<c t="e"><f>1/0</f><v>#N/A</v></c>', '<c><v>1</v></c>'],
    'A & B',
  );
  expect(rows).toEqual([[null], [null], [1]]);
  expect(result.warnings).toEqual(['cells with errors are read as missing: 2 (#DIV/0!, #N/A)']);
});

test('formulas that nobody has calculated are counted, those with a result are not', async () => {
  const { rows, result } = await convertCells([
    ...['<c><f>1+1</f><v>2</v></c>', '<c><f>A1</f></c>'],
    ...['<c t="str"><f>""</f><v></v></c>', '<c><v>3</v></c>'],
  ]);
  expect(rows.map(([cell]) => cell)).toEqual([2, null, null, 3]);
  expect(result.warnings).toEqual([
    expect.stringContaining('formulas without a stored result are read as missing: 1;'),
  ]);
});

test('a sheet of thirty thousand rows is counted whole', async () => {
  const cells = Array.from({ length: 30_000 }, (_x, row) =>
    row % 3 === 0 ? '<c t="e"><v>#REF!</v></c>' : `<c><v>${row}</v></c>`,
  );
  const { result } = await convertCells(cells);
  expect(result.warnings).toEqual(['cells with errors are read as missing: 10000 (#REF!)']);
});

test('a sheet of values alone has nothing to say', async () => {
  const { result } = await convertCells(['<c><v>1</v></c>', '<c/>', '<c><v>2.5</v></c>']);
  expect(result.warnings).toEqual([]);
});
