/** Generates the CSV file of the benchmark: seeded, so that every run on every machine reads the same bytes. */
import { existsSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Part of the file's name: another generator must not find the files of this one. */
const VERSION = 1;
const SEED = 20_260_101;
/** Rows that make one gigabyte. */
export const ROWS_PER_GIGABYTE = 10_000_000;
const ROWS_A_WRITE = 20_000;

export const COLUMNS = [
  'order_id',
  'customer',
  'zip',
  'country',
  'status',
  'quantity',
  'price',
  'weight_kg',
  'is_gift',
  'ordered_on',
  'shipped_at',
  'note',
];

// NA is Namibia here, and must stay it.
const COUNTRIES =
  'AR AT AU BE BR CA CH CL CN DE DK EG ES FI FR GB GR IN IT JP KE MX NA NG NL NO PL PT SE US'.split(
    ' ',
  );
const STATUSES = ['delivered', 'shipped', 'pending', 'returned', 'cancelled', 'lost'];
const WORDS = (
  'leave at door ring twice gift wrap fragile thin glass call before evening only blue red ' +
  'large small second third floor garden café Straße left right'
).split(' ');

/**
 * Finds the file with so many rows in `folder`, or writes it there.
 * @returns its absolute path
 */
export async function benchmarkFile(folder, rows) {
  const file = join(folder, `orders-v${VERSION}-${rows}.csv`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  console.error(`bench: writing ${rows.toLocaleString('en')} rows to ${file}`);
  const random = generator(SEED);
  const output = await open(`${file}.tmp`, 'w');
  try {
    await output.write(`${COLUMNS.join(',')}\n`);
    for (let row = 0; row < rows; row += ROWS_A_WRITE) {
      let text = '';
      const end = Math.min(row + ROWS_A_WRITE, rows);
      for (let next = row; next < end; next += 1) text += record(next, random);
      await output.write(text);
    }
  } finally {
    await output.close();
  }
  await rename(`${file}.tmp`, file);
  return file;
}

function record(row, random) {
  const day = new Date(Date.UTC(2015, 0, 1) + random(4000) * 86_400_000);
  const date = day.toISOString().slice(0, 10);
  const clock = `${two(random(24))}:${two(random(60))}:${two(random(60))}`;
  const cells = [
    1 + row,
    `C${String(random(2_000_000)).padStart(7, '0')}`,
    String(random(100_000)).padStart(5, '0'),
    COUNTRIES[random(COUNTRIES.length)],
    STATUSES[Math.min(random(6), random(6))],
    random(20) === 0 ? '' : 1 + random(12),
    `${random(2000)}.${two(random(100))}`,
    (random(500_000) / 10_000).toString(),
    random(2) === 0 ? 'true' : 'false',
    date,
    random(10) === 0 ? '' : `${date} ${clock}`,
    note(random),
  ];
  return `${cells.join(',')}\n`;
}

/** Free text of up to five words; some of it needs quotes, some is missing. */
function note(random) {
  const length = random(6);
  let text = '';
  for (let word = 0; word < length; word += 1) {
    text += `${word > 0 ? ' ' : ''}${WORDS[random(WORDS.length)]}`;
  }
  const kind = random(25);
  if (kind === 0) return `"${text}, please"`;
  if (kind === 1) return `"say ""${text}"""`;
  return text;
}

function two(number) {
  return number < 10 ? `0${number}` : String(number);
}

/** Marsaglia's xorshift32: integers from 0 to below `limit`. */
export function generator(seed) {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
