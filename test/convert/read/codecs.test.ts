/** Any bytes that the codecs of the web take for text convert under the pin of that codec, and every byte is counted. */
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { convert } from '../../helpers/convert.js';

const HIGH = range(0x80, 0x100);
const TRAIL = range(0x40, 0x100);
const IDEOGRAPHIC = range(0xa1, 0xff);
/** Every spelling of one or two bytes, and those that are longer in one of the codecs; of GB 18030 some of each plane. */
const SHORT = [...product(HIGH), ...product(HIGH, TRAIL)];
const LONG: Readonly<Record<string, readonly number[][]>> = {
  'euc-jp': product([0x8f], IDEOGRAPHIC, IDEOGRAPHIC),
  gb18030: product(
    ...[[0x81, 0x82, 0x84, 0x90, 0xe3], range(0x30, 0x3a)],
    ...[range(0x81, 0xff, 5), range(0x30, 0x3a)],
  ),
};

/** How many characters our library's tables have otherwise than ICU's, which Node's TextDecoder is. */
test.each([
  ['shift_jis', 0],
  ['euc-jp', 0],
  ['gbk', 0],
  ['gb18030', 18],
  ['euc-kr', 0],
  ['big5', 1],
])('%s', { timeout: 120_000 }, async (codec, others) => {
  const decoder = new TextDecoder(codec, { fatal: true });
  const texts: string[] = [];
  // A row for every character in each of its spellings, between two numbers: a byte too many or too few would move
  // what follows.
  const lines = [Buffer.from('n,text,m\n')];
  for (const spelled of [...SHORT, ...(LONG[codec] ?? [])]) {
    const text = decoded(decoder, Uint8Array.from(spelled));
    // What our library does not know is refused with a message, the whole file.
    if (text === undefined || iconv.decode(Buffer.from(spelled), codec).includes('\ufffd'))
      continue;
    const at = texts.push(`x${text}x`) - 1;
    lines.push(Buffer.from(`${at},x`), Buffer.from(spelled), Buffer.from(`x,${at}\n`));
  }
  const source = Buffer.concat(lines);
  const entry = { csv: { encoding: codec, header: true } };
  const { rows, description } = await convert(source, { entry });
  expect(bytesOf(description)).toBe(source.length);
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

/** The one character that the bytes spell, if it is one that is seen. */
function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(bytes);
    return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function range(from: number, to: number, step = 1): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_x, index) => from + index * step);
}

function product(...bytes: readonly number[][]): number[][] {
  return bytes.reduce<number[][]>(
    (found, next) => found.flatMap((start) => next.map((byte) => [...start, byte])),
    [[]],
  );
}
