/** Reads workbooks as the import does: `node read-workbooks.js FILES.json` prints a line a file. */
import { readFileSync } from 'node:fs';
import { readSheet } from '../dist/convert/read/workbook/sheet.js';
import { openWorkbook } from '../dist/convert/read/workbook/workbook.js';

const [list] = process.argv.slice(2);
for (const file of JSON.parse(readFileSync(list, 'utf8'))) {
  console.log(JSON.stringify({ file, ...(await read(file)) }));
}

/** Of each sheet: its cells as `[row, column, text]`, counted from 0. */
async function read(file) {
  try {
    const book = await openWorkbook(file, file);
    const sheets = book.sheets.flatMap((name) => {
      const sheet = book.sheet(name);
      return sheet ? [[name, cellsOf(readSheet(sheet, book.calendar).rows)]] : [];
    });
    return { sheets: Object.fromEntries(sheets) };
  } catch (error) {
    return { refused: error.code ?? String(error) };
  }
}

function cellsOf(rows) {
  return rows.flatMap(({ at, cells }) => {
    const found = [];
    cells.forEach((text, column) => {
      if (text !== undefined) found.push([at, column, text]);
    });
    return found;
  });
}
