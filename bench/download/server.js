// Sends what was made beforehand, from memory: noise as it is, and a table in a zip archive.
import { Buffer } from 'node:buffer';
import { createHash, randomFillSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { PassThrough } from 'node:stream';
import yazl from 'yazl';

const bytes = Number(process.argv[2]);
const archive = join(process.argv[3], 'table.zip');

/** Numbers and words, as tables have them: packs to something under a half. */
function tableOf(size) {
  const lines = [];
  for (let row = 0, length = 0; length < Math.min(size, 32e6); row += 1) {
    const noise = Math.imul(row, 2654435761) >>> 0;
    const line = `${row},${noise},${(noise / 977).toFixed(3)},city-${noise % 5000},2024-01-${(row % 28) + 1}\n`;
    lines.push(line);
    length += line.length;
  }
  const block = Buffer.from(lines.join(''));
  return Buffer.concat(Array.from({ length: Math.ceil(size / block.length) }, () => block));
}

const table = tableOf(bytes);
const zip = new yazl.ZipFile();
zip.addBuffer(table, 'table.csv');
zip.end();
const files = {
  '/plain.bin': randomFillSync(Buffer.alloc(bytes)),
  '/table.zip': await buffer(zip.outputStream.pipe(new PassThrough())),
};
await writeFile(archive, files['/table.zip']);
const md5 = Object.fromEntries(
  Object.entries(files).map(([name, body]) => [name, createHash('md5').update(body).digest()]),
);

const server = createServer((request, response) => {
  const body = files[request.url];
  response.writeHead(200, {
    etag: `"${md5[request.url].toString('hex')}"`,
    'x-goog-hash': `md5=${md5[request.url].toString('base64')}`,
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  process.send({ url, archive, unpackedBytes: table.length });
});
