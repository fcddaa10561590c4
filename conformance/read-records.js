/** Reads files as the import does: `node read-records.js FILES.json` (`[{format, file}]`) prints a line a file. */
import { readFileSync } from 'node:fs';
import { arrowRecords } from '../dist/convert/read/arrow/arrow-records.js';

const READERS = { arrow: arrowRecords };

const [list] = process.argv.slice(2);
for (const { format, file } of JSON.parse(readFileSync(list, 'utf8'))) {
  try {
    const { source, columns, originalTypes } = await READERS[format](file, file);
    const rows = [];
    let rejects = 0;
    for await (const record of source()) {
      if ('reject' in record) rejects += 1;
      else if ('cells' in record) rows.push(columns.map((name) => record.cells.get(name) ?? null));
    }
    const names = columns.map((name) => name.split('\0')[0]);
    console.log(JSON.stringify({ file, names, types: originalTypes, rows, rejects }));
  } catch (error) {
    if (error.code !== 'FORMAT_UNREADABLE') throw error;
    console.log(JSON.stringify({ file, refused: error.message }));
  }
}
