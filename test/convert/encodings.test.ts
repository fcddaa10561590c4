/** Text in other encodings than UTF-8: found, transcoded to the letter, or refused. */
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { convert } from '../helpers/convert.js';

const TEXTS: ReadonlyArray<readonly [encoding: string, text: string]> = [
  ['shift_jis', '名前,都市\n山田太郎,東京\n鈴木花子,大阪\n佐藤一郎,名古屋\n'],
  ['gb18030', '姓名,城市\n张伟,北京市朝阳区\n李娜,上海\n王芳,广州\n'],
  ['euc-kr', '이름,도시\n김철수,서울\n이영희,부산\n박민수,대구\n'],
  ['big5', '姓名,城市\n張偉,台北市\n李娜,高雄\n'],
  ['windows-1251', 'имя,город\nИван,Москва\nПётр,Санкт-Петербург\nАнна,Казань\n'],
  ['windows-1252', 'nom,ville\nZoë,Orléans – cœur\nFrançois,Besançon\n'],
  ['iso-8859-1', 'Name,Ort\nMüller,Köln\nWeiß,Düsseldorf\n'],
];

function cellsOf(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

describe('detection', () => {
  test.each(TEXTS)('%s', async (encoding, text) => {
    const { rows, description } = await convert(iconv.encode(text, encoding));
    expect(description.dialect).toMatchObject({ encoding, encodingEvidence: 'detected' });
    expect(rows).toEqual(cellsOf(text));
  });

  test('a guess is a warning that tells how the others read, and how to settle it', async () => {
    const text = 'id,city,count\n1,Araguaína,3\n2,Palmas,4\n3,Gurupi,5\n';
    const { rows, result } = await convert(iconv.encode(text, 'windows-1252'));
    expect(rows[0]).toContain('Araguaína');
    expect(result.warnings.join()).toMatch(
      /encoding is a guess: iso-8859-1 .*"Araguaína", the same as in windows-1252.*; windows-\d+ reads "Aragua.na".*: csv: \{encoding: iso-8859-1\}/,
    );
  });

  test.each(['utf-16le', 'utf-16be'])(
    '%s whose letters share bytes with delimiters',
    async (to) => {
      const text = 'имя;город\nлЬЉЊ;лллл\nЛьЬ;ЬЬ\n';
      const { description, rows } = await convert(iconv.encode(text, to));
      expect(description.dialect).toMatchObject({ encoding: to });
      expect(rows).toContainEqual(['лЬЉЊ', 'лллл']);
    },
  );

  test('one broken byte in the one word beyond ASCII is a reject', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name,n\nx,1\n'),
      Buffer.from([0x93]),
      Buffer.from('Μεπελιμε,2\n'),
    ]);
    const { result } = await convert(bytes, { entry: { checks: { max_rejects: 1 } } });
    expect(result).toMatchObject({ rows: 1, rejects: 1 });
  });

  test('a pin wins', async () => {
    const text = 'jméno,město\nŽeljko,Třebíč\nJiří,Plzeň\n';
    const entry = { csv: { encoding: 'windows-1250', header: true } };
    const { rows, result } = await convert(iconv.encode(text, 'windows-1250'), { entry });
    expect(rows).toEqual(cellsOf(text));
    expect(result.warnings).toEqual([]);
  });

  test('UTF-16 without a mark is found by its zero bytes', async () => {
    const { description } = await convert(iconv.encode('a,b\nx,1\n', 'utf-16le'));
    expect(description.dialect).toMatchObject({
      encoding: 'utf-16le',
      encodingEvidence: 'zero bytes',
    });
  });
});

test.each(['utf-16le', 'utf-16be'])('%s keeps pairs that two chunks divide', async (encoding) => {
  const cells = Array.from({ length: 100_000 }, (_x, index) => '😀'.repeat(3 + (index % 3)));
  const text = `a,b\n${cells.map((cell) => `${cell},1\n`).join('')}`;
  const { rows } = await convert(iconv.encode(text, encoding, { addBOM: true }));
  expect(rows.map(([cell]) => cell)).toEqual(cells);
});

describe('what is no text is refused', () => {
  const utf16 = iconv.encode('a,b\nxQx,1\n', 'utf-16le', { addBOM: true });
  const halfPair = Buffer.from(utf16);
  halfPair.writeUInt16LE(0xd800, utf16.indexOf('Q\0'));
  test.each([
    ['half a pair in UTF-16', halfPair, {}],
    ['half a character at the end of UTF-16', Buffer.concat([utf16, Buffer.from('A')]), {}],
    ['a byte without meaning', Buffer.from([97, 10, 0x81, 10]), { encoding: 'windows-1252' }],
  ])('%s', async (_name, bytes, csv) => {
    await expect(convert(bytes, { entry: { csv } })).rejects.toMatchObject({
      code: 'ENCODING_UNDECODABLE',
    });
  });

  test('a column name with bytes that are not UTF-8', async () => {
    const rows = Array.from({ length: 20 }, (_x, index) => `é${index},1\n`).join('');
    const bytes = Buffer.concat([Buffer.from([97, 0xff]), Buffer.from(`,b\n${rows}`)]);
    await expect(convert(bytes)).rejects.toMatchObject({ code: 'ENCODING_UNDECODABLE' });
  });

  test('bytes that are not UTF-8 after the first megabyte make a reject', async () => {
    const good = Array.from({ length: 150_000 }, (_x, index) => `é${index},1\n`).join('');
    const bytes = Buffer.concat([Buffer.from(`a,b\n${good}`), Buffer.from([0xff, 44, 49, 10])]);
    expect(bytes.length).toBeGreaterThan(1 << 20);
    const { result } = await convert(bytes, { entry: { checks: { max_rejects: 1 } } });
    expect(result).toMatchObject({ rows: 150_000, rejects: 1 });
  });
});
