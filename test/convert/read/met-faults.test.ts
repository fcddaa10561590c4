/** Faults that people have met, as `conformance/fuzz/faults.py` makes them: what is chosen is told. */
import { expect, test } from 'vitest';
import { readSource, type Reading } from '../../helpers/read-source.js';

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_x, n) => `${line(n)}\n`).join('');

const WORDS = ['red', 'green', 'blue', 'north', 'alpha', 'delta', 'paper'];

async function read(text: string): Promise<Reading> {
  const reading = await readSource(Buffer.from(text), 'doubt.csv');
  if ('refused' in reading) throw new Error(reading.refused);
  return reading;
}

test.each<readonly [string, string, RegExp]>([
  [
    'fields between tabs and bars, and a bar at the end of each line',
    lines(4, (n) => `${n}\t|\troot ${n}\t|\tno rank\t|`),
    /the delimiter is a guess/,
  ],
  [
    'a word for nothing above numbers, in each column',
    `x,x\n${lines(9, (n) => `7${n}.5,3${n}`)}`,
    /the header is a guess/,
  ],
  [
    'names and one row between a title and a remark',
    'canal Figures income\ncity:Blue (%):id\n1978-11-03:true:1989-09-19\n# dairy Freight\n',
    /the delimiter is a guess/,
  ],
  [
    'dashes as long as the names above them',
    `No,first,city\n--,-----,----\n${lines(3, (n) => `${n},Priya,Porto`)}`,
    /2 records from line 1/,
  ],
  [
    'a word alone below a table that misses nothing',
    `id,kind,price,day\n${lines(4, (n) => `${n},h,1${n},2020-01-0${n + 1}`)}EOF,,,\n`,
    /the footer is a guess/,
  ],
  [
    'a key and a number above a table of words',
    `Version,1.2\nUnits,metric\nlabel,message\n${lines(9, (n) => `spam,call ${n} now`)}`,
    /the header is a guess/,
  ],
  [
    'what was asked, below the names',
    `label;message\nPlease select label?;What is your message?\n${lines(9, (n) => `spam;call ${n} now`)}`,
    /the header is a guess/,
  ],
  [
    'units with a slash above words',
    `last,city,job\n°C,m/s,kg\n${lines(9, (n) => `Rao ${n},Pune,welder`)}`,
    /the header is a guess/,
  ],
  [
    'names below those of groups, none for the index',
    `Male,Female,All ages\n,model,price_usd\n${lines(9, (n) => `${n},V-${n},10${n}`)}`,
    /the header is a guess/,
  ],
  [
    'another table of as many columns, of other kinds',
    `created,n\n${lines(4, (n) => `2011-07-1${n},5${n}`)}Province,Updated\n${lines(5, (n) => `Ontario,2015-02-0${n + 1}`)}`,
    /the header of another file/,
  ],
  [
    'numbers with decimals that the delimiter divides, in several columns',
    lines(5, (n) => `1${n},0${n},3,5${n}`),
    /the delimiter is a guess.*decimals/,
  ],
  [
    'a single quote that opens a name and never closes',
    "number,'price\n29.9,6041\n53.2,941\n",
    /the quote is a guess/,
  ],
  [
    'a single quote that opens a value and never closes',
    "city|code\n3596|2025-08-24\n'8150|1956-06-04\n",
    /the quote is a guess/,
  ],
  [
    'an end mark within the last line',
    'state;note\nsteel;2450\npaper;2695\x1a\n',
    /the delimiter is a guess.*control character/,
  ],
  [
    'notes that are padded, in any language',
    '年份,编号,人口\n小,北京,665\n上海,大,99\n注：初步数据,,\n',
    /the footer is a guess.*first cell alone/,
  ],
  [
    'a last row that is called a sum',
    'north|year|alpha\nИтого||971\n',
    /the footer is a guess.*a sum/,
  ],
  [
    'words under values in the last row alone',
    'year,n\n1990,1\n1991,4\n1992,3\n1993,8\nso far,provisional\n',
    /the footer is a guess.*under values/,
  ],
  [
    'a last line with blanks behind its delimiters, in any language',
    'miasto,kraj\nOslo,duży\nBern,mały\nDane wstępne, bez zmian\n',
    /the footer is a guess.*sentence/,
  ],
  [
    'a value in a first record whose other cells could be names',
    'x;284.2\n1782;368\n6124;997\n623;1925\n',
    /the header is a guess/,
  ],
  ['words for nothing above values', '*,NA\n-75.5,8511\n474,99.2\n', /the header is a guess/],
  ['a name that is a value, too', 'x\n11\nx\nx\n18\n', /the header is a guess/],
  ['one line below one of one column', 'country-type_1\n(c) somebody\n', /the header is a guess/],
  [
    'a second record that is as good a header',
    'Spending over 25k;Report of 2019\ncountry;amount\n' +
      lines(12, (n) => `${WORDS[n % 7]};${WORDS[(n * 3) % 7]}`),
    /the header is a guess/,
  ],
  [
    'a third record of words above values',
    'A;B\nprecio;peso\nkg;n\n728.8;2988\n1144;8381\n7.72;2571\n',
    /the header is a guess/,
  ],
  [
    'lines that are quoted as a whole',
    '"amount,weight"\n"6075,8471"\n"8439,2705"\n"273,2415"\n',
    /the delimiter is a guess.*within their quotes/,
  ],
  [
    'columns that stand below each other, of words with blanks in them',
    'name       kind\nsteel      Vienna\nOslo red   small\nLima       green\n',
    /the delimiter is a guess.*below each other/,
  ],
  [
    'runs of a delimiter in a record alone',
    '1990-09-04|||877|||24.1\n',
    /the delimiter is a guess.*"\|\|\|"/,
  ],
  [
    'a joined header, where lines end with a delimiter',
    `place\tid\tkind\t\n${lines(4, (n) => `x${n}@a.org\t${n}\ty@a.org\t`)}place\tid\tbravo\t\n` +
      lines(4, (n) => `z${n}@a.org\t${n}\ty@a.org\t`),
    /the header is a guess: none in the middle/,
  ],
  [
    'a doubled delimiter in rows that begin with the mark of comments',
    '#d6c1;;1;;40\n#fe38;;3;;46\n#23b0;;0;;81\n;;;;\n',
    /the delimiter is a guess.*";;"/,
  ],
  [
    'a mark beside quotes, of which one is too many',
    'code_0&lon&year\n8&"Kyoto \nred."&false\n5&Osaka sa"kura!&false\n8&"Kyoto \nblue."\n',
    /the delimiter is a guess.*beside quotes/,
  ],
  [
    'a lost colon in a column that reads as times',
    'name:hour\n12:30\n11:45\n1022\n13:20\n',
    /the delimiter is a guess.*":"/,
  ],
  [
    'runs of blanks at the end of each line, and quotes',
    `"Kilo"  "type"  "lat"  \n${lines(5, (n) => `"yes"  "Kyoto ${n}"  "true"  `)}`,
    /the delimiter is a guess: runs of blanks \(6 of 6 records have 3 fields/,
  ],
  [
    'a mark that nobody separates with, above notes',
    `city-echo-lat\n${lines(5, (n) => `a${n}@b.org--#917fc${n}`)}a23-#2a0bda\n\nTotal: 12\nTotal: 12\n`,
    /the delimiter is a guess.*"-"/,
  ],
  [
    'a remark within the rows that has as many fields',
    'prix,taille\ngrande,963.1\nforêt,850.6\nTableau 3 : résultats, 2019\ngrande,767.9\n',
    /the footer is a guess.*sentence/,
  ],
  [
    'two rows of names, none for the index',
    `,mean,std\n,price,volume\n${lines(3, (n) => `${n},1${n}.5,30${n}`)}`,
    /the header is a guess.*second record/,
  ],
  [
    'units, none for the time, above one record',
    'Date/Time,Temp,RH\n,degC,%\n2023-05-19 01:48:00,7.25,84\n',
    /the header is a guess.*second record/,
  ],
  [
    'codes that count the questions, below them',
    `Country of residence,Any other comments?\nQ1,Q2\n${lines(9, (n) => `Oslo,fine ${n}`)}`,
    /the header is a guess.*second record/,
  ],
  [
    'remarks that begin with the delimiter, above and within',
    `; (c) the bureau\n; Spending\nyear;id\n${lines(20, (n) => `1994-09-0${n % 9};steel`)}; Notes\n`,
    /the header is a guess/,
  ],
  [
    'a numbered heading beside empty columns that got letters',
    `Table 3: results,B\nprice,street\n${lines(20, (n) => `${WORDS[n % 7]},${WORDS[(n * 3) % 7]}\nprice,red`)}`,
    /the header is a guess.*headed so/,
  ],
  [
    'a number that names a column, and no name for the index',
    ',1\n0,87049.55\n1,-9508.73\n',
    /the header is a guess: none/,
  ],
  [
    'a last row that is shorter than the only one above it',
    'Buchungstag;Zweck;Betrag\n27.09.1995;Miete;86,50\nKontostand;;1.234,56\n',
    /the footer is a guess.*under values/,
  ],
  [
    'lines of one field above a row that is longer',
    'ground :canal\nincome\nJuly \testate\n,yes,hotel@example.org\n',
    /is a guess/,
  ],
  ['a last row that is called a balance', 'day;n\n27.09.1995;86\nSaldo;1.234\n', /a sum/],
])('%s', async (_what, text, told) => {
  const { warnings } = await read(text);
  expect(
    warnings.some((warning) => told.test(warning)),
    warnings.join('\n'),
  ).toBe(true);
});
