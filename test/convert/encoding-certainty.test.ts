/** How often the encoding is wrong, and whether it says so: names of 35 languages in the encodings that write them. */
import { readFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import { expect, test } from 'vitest';
import { decisionOf } from '../../src/convert/read/encoding/evidence.js';
import { ForeignWords } from '../../src/convert/read/encoding/foreign-words.js';
import { readingsOf } from '../../src/convert/read/encoding/readings.js';

/** Cells made by Faker 40.63 (MIT), which the model has never seen: it is counted from CLDR. */
const NAMES = JSON.parse(
  readFileSync(new URL('encoding-names.json', import.meta.url), 'utf8'),
) as Record<string, string[]>;
const WESTERN = 'windows-1252 iso-8859-1 cp850 macintosh';
const CENTRAL = 'windows-1250 iso-8859-2 cp852';
const CYRILLIC = 'windows-1251 koi8-u ibm866 iso-8859-5';
const ENCODINGS: Readonly<Record<string, string>> = {
  ...Object.fromEntries('pl cs sk hu ro hr sl'.split(' ').map((one) => [one, CENTRAL])),
  ...Object.fromEntries('ru uk bg mk'.split(' ').map((one) => [one, CYRILLIC])),
  ...{ el: 'windows-1253 iso-8859-7', tr: 'windows-1254 iso-8859-9', he: 'windows-1255' },
  ...{ ar: 'windows-1256', fa: 'windows-1256', lt: 'windows-1257', lv: 'windows-1257' },
  ...{ et: 'windows-1257', vi: 'windows-1258', th: 'windows-874', ja: 'shift_jis euc-jp' },
  ...{ zh: 'gb18030', zh_TW: 'big5', ko: 'euc-kr' },
};
const CELLS = [1, 3, 10, 60];

function trials(): { cells: string[]; encoding: string }[] {
  return Object.entries(NAMES).flatMap(([language, names]) =>
    (ENCODINGS[language] ?? WESTERN).split(' ').flatMap((encoding) => {
      const written = names.filter(
        (name) => iconv.decode(iconv.encode(name, encoding), encoding) === name,
      );
      return CELLS.filter((count) => written.length >= count).map((count) => ({
        cells: written.slice(-count),
        encoding,
      }));
    }),
  );
}

test('what is sure is right, and of what is likely 199 in 200', { timeout: 300_000 }, () => {
  const counted = { sure: [0, 0], likely: [0, 0], guess: [0, 0], pinned: [0, 0] };
  for (const { cells, encoding } of trials()) {
    const bytes = iconv.encode(cells.map((cell, index) => `${index},${cell}\n`).join(''), encoding);
    const words = new ForeignWords();
    words.push(bytes);
    words.end();
    const { chosen, certainty } = decisionOf(readingsOf(words.words), words.counted);
    counted[certainty][0]! += 1;
    if (iconv.decode(bytes, chosen) !== iconv.decode(bytes, encoding)) counted[certainty][1]! += 1;
  }
  expect(counted.sure[0]).toBeGreaterThan(150);
  expect(counted.sure[1]).toBe(0);
  expect(counted.likely[1]! * 200).toBeLessThanOrEqual(counted.likely[0]!);
  // A guess is mostly right, too: it says that the bytes do not.
  expect(counted.guess[1]! * 4).toBeLessThan(counted.guess[0]!);
});
