/** Reads files as the import does: `node read-records.js FILES.json` (`[{format, file}]`) prints a line a file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arffRecords } from '../dist/convert/read/arff/arff-records.js';
import { arrowRecords } from '../dist/convert/read/arrow/arrow-records.js';
import { avroRecords } from '../dist/convert/read/avro/avro-records.js';
import { numpyRecords } from '../dist/convert/read/numpy/numpy-records.js';
import { transportRecords } from '../dist/convert/read/sas/transport-records.js';
import { stataRecords } from '../dist/convert/read/stata/stata-records.js';

const scratchDirectory = mkdtempSync(join(tmpdir(), 'read-records-'));
const { signal } = new AbortController();
const READERS = {
  arrow: arrowRecords,
  avro: avroRecords,
  stata: stataRecords,
  numpy: numpyRecords,
  sas_transport: (file, place) => transportRecords(file, place),
  arff: (file, place) => arffRecords({ file, place, scratchDirectory, signal }),
};

const [list] = process.argv.slice(2);
for (const { format, file } of JSON.parse(readFileSync(list, 'utf8'))) {
  try {
    const { source, columns, originalTypes, descriptions } = await READERS[format](file, file);
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
