/** Reads files as the import does: `node read-records.js FILES.json` (`[{format, file}]`) prints a line a file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordReader } from '../dist/convert/read/open-format.js';

const scratchDirectory = mkdtempSync(join(tmpdir(), 'read-records-'));
const { signal } = new AbortController();

const [list] = process.argv.slice(2);
for (const { format, file } of JSON.parse(readFileSync(list, 'utf8'))) {
  try {
    const { source, columns, originalTypes, descriptions } = await recordReader({
      ...{ table: { format, originalPath: file }, file, scratchDirectory, entry: {}, signal },
    });
    const rows = [];
    const remarks = [];
    let rejects = 0;
    for await (const record of source()) {
      if ('reject' in record) rejects += 1;
      else if ('remark' in record) remarks.push(record.remark);
      else rows.push(columns.map((name) => record.cells.get(name) ?? null));
    }
    const names = columns.map((name) => name.split('\0')[0]);
    console.log(
      JSON.stringify({ file, names, types: originalTypes, rows, rejects, remarks, descriptions }),
    );
  } catch (error) {
    if (!['FORMAT_UNREADABLE', 'ENCODING_UNDECODABLE'].includes(error.code)) throw error;
    console.log(JSON.stringify({ file, refused: error.message }));
  }
}
rmSync(scratchDirectory, { recursive: true });
