/** Makes an Excel workbook out of its parts: cells that no writer's library would write. */
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DOCUMENT = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
/** Built-in formats: General, `m/d/yy h:mm`, `h:mm:ss`, `[h]:mm:ss`. */
const STYLES = `<cellXfs>${[0, 22, 21, 46].map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs>`;

/** A sheet of one column named `t`; each cell is its XML, without its place. Styles: 1 a date, 2 a time, 3 a duration. */
export async function workbookOf(cells: readonly string[], sheet = 'S'): Promise<Buffer> {
  const rows = cells.map(
    (cell, at) => `<row r="${at + 2}">${cell.replace('<c', `<c r="A${at + 2}"`)}</row>`,
  );
  const name = '<row r="1"><c r="A1" t="inlineStr"><is><t>t</t></is></c></row>';
  const related = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${DOCUMENT}/${kind}" Target="${target}"/>`;
  const relations = (...all: string[]): string =>
    `<Relationships xmlns="${PACKAGE}/relationships">${all.join('')}</Relationships>`;
  const contents = {
    '[Content_Types].xml': contentTypes({
      '/xl/workbook.xml': 'sheet.main',
      '/xl/worksheets/sheet1.xml': 'worksheet',
      '/xl/styles.xml': 'styles',
    }),
    '_rels/.rels': relations(related('r1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${DOCUMENT}"><sheets><sheet name="${sheet}" sheetId="1" r:id="r1"/></sheets></workbook>`,
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

function contentTypes(parts: Readonly<Record<string, string>>): string {
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const overrides = Object.entries(parts).map(
    ([part, what]) => `<Override PartName="${part}" ContentType="${kind}.${what}+xml"/>`,
  );
  return `<Types xmlns="${PACKAGE}/content-types">${overrides.join('')}</Types>`;
}
