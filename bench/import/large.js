/** A table of any size in a zip archive that is made as it is written: the table itself is never on the disk. */
import { createWriteStream } from 'node:fs';
import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yazl from 'yazl';

const LINES_A_PIECE = 8_000;
/** Half of each row comes again, so that an archive of twenty gigabytes is one of three. */
const NOTES = Array.from({ length: 64 }, (_, at) =>
  `parcel ${at} was left at the door of number ${at * 7}, `.repeat(2).replaceAll(',', ';'),
);
const STATUSES = ['delivered', 'shipped', 'pending', 'returned'];

/**
 * Writes `orders.zip` of a CSV of so many bytes, or a row more, into the folder.
 * @returns { rows, bytes } of the CSV
 */
export async function writeLargeArchive(folder, bytes) {
  const written = { rows: 0, bytes: 0 };
  const zip = new yazl.ZipFile();
  const options = { mtime: new Date(2024, 0, 1), compressionLevel: 1 };
  zip.addReadStream(Readable.from(pieces(bytes, written)), 'orders.csv', options);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(join(folder, 'orders.zip')));
  return written;
}

function* pieces(bytes, written) {
  yield piece('order_id,status,price,ordered_on,is_gift,note\n', written);
  while (written.bytes < bytes) {
    let text = '';
    for (let line = 0; line < LINES_A_PIECE; line += 1) {
      const row = (written.rows += 1);
      // A product of large odd numbers: spread, and the same each time.
      const spread = Math.imul(row, 2_654_435_761) >>> 0;
      const day = new Date(Date.UTC(2015, 0, 1) + (spread % 4000) * 86_400_000);
      const price = ((spread >>> 8) % 200_000) / 100;
      text += `${row},${STATUSES[spread & 3]},${price.toFixed(2)},${day.toISOString().slice(0, 10)},${(spread & 4) === 0},${NOTES[(spread >>> 5) & 63]}\n`;
    }
    yield piece(text, written);
  }
}

function piece(text, written) {
  const made = Buffer.from(text);
  written.bytes += made.length;
  return made;
}
