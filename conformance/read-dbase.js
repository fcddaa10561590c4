/** Reads dBASE tables as the import does: `node read-dbase.js FILES.json` prints a line a file. */
import { readFileSync } from 'node:fs';
import { dbaseRecords } from '../dist/convert/read/dbase/dbase-records.js';

const [list] = process.argv.slice(2);
for (const file of JSON.parse(readFileSync(list, 'utf8'))) {
  const { source, dialect } = await dbaseRecords(file, file, undefined);
  const rows = [];
  for await (const { cells } of source()) if (cells) rows.push([...cells.values()]);
  console.log(JSON.stringify({ file, encoding: dialect.encoding, rows }));
}
