/** Any bytes that Python's codecs take for text convert under the pin of that codec, and every byte is counted. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convert, temporaryFolder } from '../../helpers/convert.js';

/**
 * A row for every character that the codec has, in each of its spellings, between two numbers: a byte too many or too
 * few would move what follows. Beside it the same in UTF-8.
 */
const EVERY_CHARACTER = `
import sys
codec, source, utf8 = sys.argv[1:]
spellings = [bytes([a]) for a in range(0x80, 0x100)]
spellings += [bytes([a, b]) for a in range(0x80, 0x100) for b in range(0x40, 0x100)]
if codec == "euc-jp":
    spellings += [bytes([0x8F, a, b]) for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF)]
if codec == "gb18030":
    spellings += [bytes([a, b, c, d]) for a in (0x81, 0x82, 0x84, 0x90, 0xE3) for b in range(0x30, 0x3A)
                  for c in range(0x81, 0xFF, 5) for d in range(0x30, 0x3A)]
with open(source, "wb") as file, open(utf8, "w") as beside:
    file.write(b"n,text,m\\n")
    count = 0
    for spelled in spellings:
        try:
            text = spelled.decode(codec)
        except UnicodeDecodeError:
            continue
        if len(text) != 1 or not text.isprintable():
            continue
        file.write(b"%d,x" % count + spelled + b"x,%d\\n" % count)
        beside.write(f"x{text}x\\n")
        count += 1
`;

/** How many characters are others in the tables of Windows and the web, which iconv-lite has. */
test.each([
  ['shift_jis', 6],
  ['euc-jp', 7],
  ['gbk', 0],
  ['gb18030', 1],
  ['gb2312', 2],
  ['euc-kr', 0],
  ['cp949', 0],
  ['big5', 260],
])('%s', { timeout: 120_000 }, async (codec, others) => {
  const [file, beside] = ['source', 'utf8'].map((name) => join(temporaryFolder(), name));
  execFileSync('python3', ['-c', EVERY_CHARACTER, codec, file!, beside!]);
  const source = readFileSync(file!);
  const entry = { csv: { encoding: codec, header: true } };
  const { rows, description } = await convert(source, { entry });
  expect(bytesOf(description)).toBe(source.length);
  const texts = readFileSync(beside!, 'utf8').trimEnd().split('\n');
  expect(rows.map(([n, , m]) => [Number(n), Number(m)])).toEqual(texts.map((_x, at) => [at, at]));
  expect(rows.filter(([, text], at) => text !== texts[at])).toHaveLength(others);
});

test.each([
  ['gbk', '80'],
  ['cp936', '80'],
  ['gb18030', '80'],
  ['gb18030', 'a2e3'],
])('a euro sign in %s, spelled %s', async (encoding, spelled) => {
  const euro = Buffer.from(spelled, 'hex');
  const line = (at: number): Buffer =>
    Buffer.concat([Buffer.from(`${at},${'x'.repeat(at % 50)}`), euro, Buffer.from(`,${at}\r\n`)]);
  const lines = Array.from({ length: 50_000 }, (_x, at) => line(at));
  const source = Buffer.concat([Buffer.from('n,price,m\r\n'), ...lines, Buffer.from('1,2\r\n')]);
  const entry = { csv: { encoding, header: true }, checks: { max_rejects: 1 } };
  const { rows, result, description } = await convert(source, { entry });
  expect(result).toMatchObject({ rows: 50_000, rejects: 1 });
  expect(rows[49_999]).toEqual([49_999, `${'x'.repeat(49)}€`, 49_999]);
  expect(bytesOf(description)).toBe(source.length);
});

function bytesOf({ byteLedger }: { readonly byteLedger?: unknown }): number {
  const kinds = Object.values(byteLedger as Record<string, { bytes: number }>);
  return kinds.reduce((sum, { bytes }) => sum + bytes, 0);
}
