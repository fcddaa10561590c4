/** Excel's day numbers: whole seconds stay whole, and the days before March 1900 are those that Excel shows. */
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { convert } from '../../helpers/convert.js';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
/** Built-in format 22: `m/d/yy h:mm`. */
const STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>';

/** A sheet of one column of dates below the name `t`. */
async function workbook(serials: readonly string[]): Promise<Buffer> {
  const rows = serials.map(
    (serial, at) => `<row r="${at + 2}"><c r="A${at + 2}" s="1"><v>${serial}</v></c></row>`,
  );
  const name = '<row r="1"><c r="A1" t="inlineStr"><is><t>t</t></is></c></row>';
  const related = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${DOCUMENT}/${kind}" Target="${target}"/>`;
  const relations = (...all: string[]): string =>
    `<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
  const contents = {
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"/>`,
    '_rels/.rels': relations(related('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relations(
      related('r1', 'worksheet', 'worksheets/sheet1.xml'),
      related('r2', 'styles', 'styles.xml'),
    ),
    'xl/styles.xml': `<styleSheet xmlns="${MAIN}">${STYLES}</styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${MAIN}"><sheetData>${name}${rows.join('')}</sheetData></worksheet>`,
  };
  const file = new ZipFile();
  for (const [path, content] of Object.entries(contents))
    file.addBuffer(Buffer.from(content), path);
  file.end();
  return buffer(file.outputStream);
}

async function convertDates(serials: readonly string[]) {
  const source = await workbook(serials);
  return convert(source, { format: 'xlsx', originalPath: 'b.xlsx#S' });
}

test('a second that is stored a little short of itself is a whole one', async () => {
  // As openpyxl writes 1999-12-31 23:59:59 and 2020-01-02 03:04:05.
  const { rows, result } = await convertDates(['36525.999988425923', '43832.127835648149']);
  expect(rows).toEqual([
    [BigInt(Date.UTC(1999, 11, 31, 23, 59, 59)) * 1000n],
    [BigInt(Date.UTC(2020, 0, 2, 3, 4, 5)) * 1000n],
  ]);
  expect(result.warnings).toEqual([]);
});

test('fractions of a second are read to the millisecond, and the import says so', async () => {
  const { result } = await convertDates(['43832.127837071757', '43832']);
  expect(result.warnings).toEqual(['fractions of a second are read to the millisecond']);
});

test('the days before March 1900 are those that Excel shows', async () => {
  const { rows } = await convertDates(['1', '59', '60', '61']);
  expect(rows).toEqual([['1900-01-01'], ['1900-02-28'], ['1900-02-29'], ['1900-03-01']]);
});
