/** Files that could be read another way: what is chosen is told. */
import { describe, expect, test } from 'vitest';
import { lines, read } from '../../helpers/read-lines.js';

const WORDS = ['red', 'green', 'blue', 'north', 'alpha', 'delta', 'paper'];
const PAIRS = 'north river,Ann\nIndia coast,Charlie\nlong road,Ben\nkilo,India\nblue,fox\n';

describe('told', () => {
  test.each<readonly [string, string, RegExp]>([
    [
      'a title that is padded',
      `Figures of July,\n${lines(9, (n) => `word ${n},text ${n}`)}`,
      /the names is a guess.*no name|the title is/,
    ],
    [
      'notes with as many fields as the table',
      'value,city\n1,Rome\n2,Oslo\nNotes, and more notes\n',
      /the footer is a guess.*skip_footer: 0/,
    ],
    [
      'words below a blank line, under values',
      'city,n\nRome,1\nOslo,2\n\nItaly,in all\n',
      /the footer is a guess/,
    ],
    [
      'two records of names',
      'estate,,Berlin\nkind,place,day\nred,Rome,x\nblue,Oslo,y\n',
      /the header is a guess/,
    ],
    [
      'another table below a blank line',
      `id,name,n\n${lines(4, (n) => `${n},word ${n},${n}`)}\nyear,place_name,total_n\n${lines(4, (n) => `${n},other ${n},${n}`)}`,
      /another table|the footer is a guess/,
    ],
    ['a quote behind blanks', 'a,b\n1, "x\n2, y\n', /the quote is a guess/],
    ['decimals that the delimiter sets apart', '39,64\n66,32\n65,13\n', /number with decimals/],
    ['a mark within a name', 'id,\uFEFFname\n1,x\n2,y\n', /names: \[id, name\]/],
    ['two marks', '\uFEFF\uFEFFid,name\n1,x\n2,y\n', /names: \[id, name\]/],
    [
      'another header that shares a name, among the rows',
      'country,id\nred,7\nblue,5\nother,id\nred,7\nblue,5\n',
      /line 4 looks like the header of another file/,
    ],
    [
      'another header above the same kinds',
      `city,mail\n${lines(5, (n) => `Rome ${n},r${n}@example.org`)}town_name,address\nOslo,o@example.org\n`,
      /the header of another file/,
    ],
    [
      'a line of dashes below the names',
      'id,name\n---,-----\n1,Ann\n2,Bob\n',
      /2 records from line 1/,
    ],
    ['units with gaps below the names', 'a,b,c\n%,,kg\n1,x,3\n2,y,4\n', /the header is a guess/],
    [
      'a kind of column below each name',
      'name,n\nstring,int\nAnn,3\nBob,4\n',
      /the header is a guess/,
    ],
    ['a value above a single record', '"6","true"\n"Total","337"\n', /the header is a guess/],
    [
      'words above a blank line',
      `harbour,income!\n\n${lines(9, (n) => `true,${n}`)}`,
      /blank line stands below it/,
    ],
    [
      'a sentence with a comma above a blank line',
      `1% solution, sample 003\n\n${lines(9, (n) => `23${n},Dublin`)}`,
      /the header is a guess/,
    ],
    [
      'a sentence with a comma above rows without names',
      'Tabela 3: wyniki, 2019\nlas,3358\nduże,6076\n',
      /the header is a guess: none.*sentence/,
    ],
    [
      'a rare name that returns in a table of names',
      `Hotel (%),z\n${lines(9, (n) => `alpha ${n},${WORDS[n % 3]}`)}grain,z\n${lines(9, (n) => `alpha ${n},${WORDS[n % 3]}`)}`,
      /line 11 looks like the header of another file/,
    ],
    [
      'a word for a kind of column alone below the names',
      'value,place\ntext,\nred,blue\ngreen,Oslo\nalpha,Oslo\n',
      /the header is a guess/,
    ],
    [
      'another header that shares one rare name, above columns in another order',
      `aex,price,mail\n${lines(8, (n) => `no,word ${n % 3},r${n % 3}@example.org`)}aex,export,acreage\n${lines(8, (n) => `r${n % 3}@example.org,word ${n % 3},no`)}`,
      /line 10 looks like the header of another file/,
    ],
    ['line ends the wrong way round', 'a,b\n\r1,x\n\r2,y\n\r', /the line end is a guess/],
    [
      'a word for nothing in a first record of words',
      `Road Office,North,lease,N/A\n${lines(12, (n) => `Office ${n},Town ${n},lease,${n % 2 ? 'ok' : 'late'}`)}`,
      /the header is a guess/,
    ],
    [
      'an empty first cell above words',
      `,city parks of red\n${lines(60, (n) => `steel ${WORDS[n % 7]},${WORDS[n % 7]} board of ${WORDS[n % 5]}`)}`,
      /the header is a guess/,
    ],
    [
      'a number behind an empty corner',
      `,0\n${lines(9, (n) => `182${n},2${n}`)}`,
      /header is a guess/,
    ],
    [
      'notes that are padded as the rows are',
      `day,mail,\n${lines(9, (n) => `2023-09-1${n},r@example.org,`)}Notes, and more notes,\n`,
      /the footer is a guess/,
    ],
    [
      'nothing but numbers whose thousands are set apart, however many',
      lines(60, (n) => `${n + 10},${n + 300}`),
      /thousands/,
    ],
    ['names in quotes that do not end', "'i'\t'name''\n0\t53\n3\t37\n", /the quote is a guess/],
    [
      'another table, where each line ends with a delimiter',
      `a\tb_1\tc\t\n${lines(4, (n) => `red\t6${n}\tr@example.org\t`)}\t\nJuly_0\testate\tland\t\n${lines(4, (n) => `r@example.org\t6${n}\tred\t`)}`,
      /another table/,
    ],
    [
      'another table of words below a blank line',
      `a,b_1\n${lines(4, (n) => `#0${n},r${n}@example.org`)}\nestate_0,Figures\n${lines(4, (n) => `r${n}@example.org,#0${n}`)}`,
      /another table/,
    ],
    [
      'a comment with as many fields as the table',
      `! made by hand|twice\nterm|meaning\n${lines(60, (n) => `${WORDS[n % 7]} ${WORDS[n % 5]}|board of ${WORDS[n % 4]}`)}`,
      /the header is a guess/,
    ],
    [
      'units below names of words',
      `Office,Note\n(m),%\n${lines(9, (n) => `Road ${n},paid late ${n}`)}`,
      /the header is a guess/,
    ],
    [
      'kinds below names, of yes and no',
      `fox|owl|city\ntext||""\n${lines(9, (n) => `yes|${n}|"no"`)}`,
      /the header is a guess/,
    ],
    [
      'marks of files that were joined, within',
      'a,b\n1,x\n2,y\n\uFEFF3,z\n',
      /the byte order mark is a guess/,
    ],
    [
      'a header in the middle, with one of the names above, of rows that return below it',
      `tree,river\n${PAIRS}Council,tree\n${PAIRS}`,
      /the header is a guess: none in the middle/,
    ],
    [
      'a header below which words return, in one column alone',
      `steel|north river\n${lines(49, (n) => `${WORDS[n % 7]}|${WORDS[n % 7]} ${WORDS[Math.floor(n / 7)]}`)}`,
      /the header is a guess: line 1/,
    ],
    [
      'names that return as values',
      `kilo,alpha\n${lines(60, (n) => `${['kilo', ...WORDS][n % 8]},${WORDS[n % 7]}`)}`,
      /the header is a guess/,
    ],
    [
      'another header of which most names are like the first',
      `fdiew,code_1,place_2\n${lines(9, (n) => `Rome ${n},red ${n},kilo ${n}`)}fdiew_2,bureau,place_2\n${lines(9, (n) => `Oslo ${n},green ${n},echo ${n}`)}`,
      /line 11 looks like the header of another file/,
    ],
    [
      'a word for nothing above numbers',
      `,n.a.\n${lines(9, (n) => `-6${n}.6,20.8${n}`)}`,
      /the header is a guess/,
    ],
    [
      'two records of names above words that return',
      `Report of 2019|Spending in all\nplace|state\n${lines(60, (n) => `${WORDS[n % 7]}|${WORDS[n % 5]}`)}`,
      /the header is a guess.*second record/,
    ],
    [
      'a note alone, of words that columns are called by',
      '\n\nNotes, and more notes\n',
      /header is a guess/,
    ],
  ])('%s', async (_what, text, told) => {
    expect((await read(text)).warnings.join('\n')).toMatch(told);
  });
});
