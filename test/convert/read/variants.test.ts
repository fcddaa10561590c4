/** The kinds of files that were read wrongly once, in other clothes; and every pin that settles one. */
import { expect, test } from 'vitest';
import type { TextPins } from '../../../src/convert/read/text/pins.js';
import { checkReading, type ReadingCase } from '../../helpers/reading-case.js';
import { readBytes } from '../../helpers/read-text.js';

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_x, n) => `${line(n)}\n`).join('');
const big = lines(120_000, (n) => `${n},word ${n},${n / 4}`);

const variants: ReadonlyArray<readonly [string, string, ReadingCase]> = [
  [
    'notes below a table of more than a megabyte',
    `n,t,x\n${big}\nSource: the office, 2020\nSee also the website\n`,
    { rows: 120_000, told: /the footer is: the last 2 lines/ },
  ],
  [
    'a footer with CRLF and semicolons',
    'a;b\r\n1;2\r\n3;4\r\n\r\nQuelle: das Amt\r\n',
    { rows: 2, told: /footer/ },
  ],
  ['a row cut short is no footer', 'a,b,c\nx,1,2\ny,3,4\nz', { rows: 2, rejects: 1 }],
  [
    'a quote far below that opens nothing',
    `n,t,x\n${big}7,"never closed,1\n8,x,2\n`,
    { rows: 120_001, rejects: 1 },
  ],
  [
    'two files joined, with mark and header in the middle',
    '\uFEFFa,b\n1,2\n\uFEFFa,b\n3,4\n',
    { rows: 2, names: ['a', 'b'], told: /the header is: repeated in the file/ },
  ],
  [
    'the header again, far below',
    `n,t,x\n${big}n,t,x\n1,y,2\n`,
    { rows: 120_001, told: /repeated/ },
  ],
  [
    'comments that outnumber the rows',
    `${'# made by hand\n'.repeat(20)}a,b\n1,2\n3,4\n`,
    { rows: 2, names: ['a', 'b'], told: /the comment is/ },
  ],
  ['lines of blanks', 'a,b\n1,2\n   \n\t\n3,4\n', { rows: 2 }],
  [
    'pipes in pairs',
    'id||name\n1||Ann\n2||Bob\n',
    { rows: 2, names: ['id', 'name'], told: /"\|\|"/ },
  ],
  ['thousands that the delimiter sets apart', 'city,people\nA,1,234\nB,2,345\n', { rows: -1 }],
  [
    'a first record of values above a header',
    '100,2\nid,x,y\n1,2,3\n4,5,6\n',
    { rows: 2, rejects: 1, names: ['id', 'x', 'y'] },
  ],
  ['0x1A after CRLF, twice', 'a,b\r\n1,2\r\n\x1a\x1a', { rows: 1, told: /DOS/ }],
  [
    'units below the names',
    'time,speed\n(s),(m/s)\n0,1.5\n1,2.5\n2,3.5\n',
    { rows: 3, names: ['time (s)', 'speed (m/s)'], told: /header_rows: 2/ },
  ],
  ['a mark inside a later cell', 'a,b\n1,x\n2,y\uFEFFz\n', { rows: 2, last: ['2', 'y\uFEFFz'] }],
  [
    'as many blanks on every line',
    'a b c\nx y z\nq r s\n',
    { rows: 2, told: /delimiter is a guess: none.*could be " "/ },
  ],
  [
    'as many colons on every line, and a semicolon in one',
    `a:b:c\n${lines(9, (n) => `x${n}:y:z`)}p;q:r:s\n`,
    { rows: 10, told: /delimiter is a guess: none.*could be ":"/ },
  ],
  [
    'a row whose cells stand beside their places',
    `id,day,name,size\n${lines(9, (n) => `${n},2024-01-0${n + 1},x,1.${n}`)}72024-03-01,y,2.5,more\n`,
    { rows: 10, told: /delimiter is a guess: "," in line 11, too/ },
  ],
  [
    'escaped quotes, and blanks beside quotes',
    `name,  place, year\n${lines(9, (n) => `"Ann \\"${n}\\" Lee",  "Rome", 200${n}`)}`,
    { rows: 9, last: ['Ann "8" Lee', 'Rome', ' 2008'], told: /blanks beside quotes/ },
  ],
  [
    'a note below a header alone, of as many fields',
    'u, id\n\nNotes,  and more notes',
    { rows: 1, told: /footer is a guess/ },
  ],
  [
    'two quotes too many, which join two lines',
    'a;"b"\n"x";true\ny;"true""\n  "\n',
    { rows: 2, told: /quote is a guess/ },
  ],
  ['times of day below a word', 'time\n10:20\n11:30\n', { rows: 2 }],
  [
    'semicolons in pairs',
    'a;;b;;c\n1;;2;;x\n4;;5;;y\n',
    { rows: 2, told: /delimiter is a guess: ";".*could be ";;"/ },
  ],
  [
    'a blank behind every comma, before words',
    'name, city\nada, rome\nbob, oslo\n',
    { rows: 2, told: /could be ", "/ },
  ],
  ['a blank behind every comma, before numbers', 'a, b\n1, 2\n3, 4\n', { rows: 2 }],
  [
    'names of rows in quotes, without a name above',
    '"mpg","cyl"\n"1",21,6\n"2",22,5\n',
    { rows: 2, names: ['', 'mpg', 'cyl'], told: /names is a guess/ },
  ],
  [
    'a header one name short of rows that end with nothing',
    'a,b\n1,2,\n3,4,\n',
    { rows: 2, told: /names is a guess/ },
  ],
  [
    'counts above the header',
    '3,2\nid,z\n1,5\n2,7\n3,8\n',
    { rows: 5, told: /header is a guess: none/ },
  ],
  [
    'colours above colours',
    lines(9, (n) => `#56${n}BBD,#AA${n}BCC`),
    { rows: 9, first: ['#560BBD', '#AA0BCC'], told: /the delimiter is a guess/ },
  ],
  [
    'blanks beside quotes where blanks separate, too',
    'name\tnote\n"a" \t"x\ty"\n"b"\t "z"\n',
    {
      names: ['name', 'note'],
      rows: 2,
      first: ['a', 'x\ty'],
      last: ['b', 'z'],
      told: /blanks beside quotes/,
    },
  ],
  [
    'a delimiter lost before a quote',
    'a,b,c\n"x","y",1\nBoots"light, quick",2\n"z","w",3\n',
    { rows: 3, told: /quote is a guess/ },
  ],
];

test.each(variants)('%s', async (_what, source, expected) => {
  const reading = readBytes(source);
  if (expected.rows === -1) {
    await expect(reading).rejects.toMatchObject({
      code: 'FORMAT_UNREADABLE',
      message: expect.stringContaining('thousands'),
    });
  } else checkReading(await reading, expected);
});

const pinned: ReadonlyArray<readonly [string, TextPins, string, ReadingCase]> = [
  ['names', { names: ['x', 'y'] }, 'a,b\n1,2\n', { names: ['x', 'y'], rows: 1 }],
  [
    'names without a header',
    { names: ['x', 'y'], header: false },
    '1,2\n3,4\n',
    { names: ['x', 'y'], rows: 2 },
  ],
  ['header_rows', { header_rows: 2 }, 'a,a\nx,y\nq,r\n', { names: ['a x', 'a y'], rows: 1 }],
  [
    'skip_footer',
    { skip_footer: 2, header: true },
    'a,b\n1,2\nx,y\nz,\n',
    { rows: 1, first: ['1', '2'] },
  ],
  [
    'a delimiter of several characters',
    { delimiter: '~|~' },
    'a~|~b\n1~|~"x~|~y"\n',
    { names: ['a', 'b'], rows: 1, first: ['1', 'x~|~y'] },
  ],
  [
    'a comma and a blank',
    { delimiter: ', ' },
    'name, n\n"a, b", 1\nc, 2\n',
    { rows: 2, first: ['a, b', '1'] },
  ],
  [
    'runs of blanks',
    { delimiter: 'whitespace', header: true },
    'a  b c\n 1   2\t3 \n4 5  6\n',
    { rows: 2, first: ['1', '2', '3'] },
  ],
  ['no quotes', { quote: '' }, 'id,t\n1,"a\n2,b"\n', { rows: 2, first: ['1', '"a'] }],
  [
    'escape',
    { escape: '\\' },
    'id,t\n1,a\\,b\n2,"c\\"d"\n',
    { rows: 2, first: ['1', 'a,b'], last: ['2', 'c"d'] },
  ],
  [
    'trim',
    { trim: true },
    'id , t\n1 ,  a b \n2, "c" \n',
    { rows: 2, first: ['1', 'a b'], last: ['2', 'c'] },
  ],
  [
    'ragged',
    { ragged: 'pad' },
    'id,t,u\n1,2,3\n4\n5,6\n',
    { rows: 3, last: ['5', '6', ''], told: /2 rows have fewer/ },
  ],
  ['comment', { comment: '%' }, '% x\nid,t\n1,2\n% y,z\n3,4\n', { rows: 2 }],
];

test.each(pinned)('a pin of %s', async (_what, pins, source, expected) => {
  checkReading(await readBytes(source, pins), expected);
});
