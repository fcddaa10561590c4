/** Tells how many bytes of the source a text was, in the encoding that it came in. */
import iconv from 'iconv-lite';

/** Characters that iconv-lite reads and does not write back alike, such as those that a firm made up for itself. */
const oddCharacters = new Map<string, ReadonlyMap<string, number>>();

/** Right for all that `transcode` lets through, but for the lines that it gives. */
export function sourceLength(text: string, encoding: string): number {
  const odd = oddOf(encoding);
  let bytes = iconv.encode(text, encoding, { addBOM: false }).length;
  if (odd.size > 0) for (const character of text) bytes += odd.get(character) ?? 0;
  return bytes;
}

/** Of each, how many bytes more it has in the source than where it is written back. */
function oddOf(encoding: string): ReadonlyMap<string, number> {
  const known = oddCharacters.get(encoding);
  if (known) return known;
  const odd = new Map<string, number>();
  for (let pair = 0x8000; isOfPairs(encoding) && pair <= 0xffff; pair += 1) {
    const text = iconv.decode(Buffer.from([pair >> 8, pair & 0xff]), encoding);
    if ([...text].length !== 1 || text === '\uFFFD') continue;
    const written = iconv.encode(text, encoding);
    if (written.length !== 2) odd.set(text, 2 - written.length);
  }
  oddCharacters.set(encoding, odd);
  return odd;
}

function isOfPairs(encoding: string): boolean {
  return /^(shift_?jis|sjis|cp9\d\d|windows-?9\d\d|windows-?31j|euc-?\w+|gbk|gb\d+|big5.*)$/i.test(
    encoding,
  );
}
