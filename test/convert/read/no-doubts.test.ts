/** Ordinary files beside those of `doubts.test.ts`: nothing is told of them. */
import { describe, expect, test } from 'vitest';
import { lines, read } from '../../helpers/read-lines.js';

describe('not told', () => {
  test.each<readonly [string, string, boolean, number]>([
    ['a column of words that return has no header', 'no\nyes\nno\nno\nyes\nyes\nno\n', false, 7],
    ['`no` names a column of numbers', 'no,city\n1,Rome\n2,Oslo\n', true, 2],
    [
      'dates and times are of one piece',
      `time,n\n${lines(9, (n) => `2020-01-0${n + 1} 10:20:30,${n}`)}`,
      true,
      9,
    ],
    ['a column of times', `time\n${lines(9, (n) => `10:2${n}:30`)}`, true, 9],
    ['a blank line within a table', 'city,n\nRome,1\nOslo,2\n\nBonn,3\n', true, 3],
    [
      'numbers of three digits on both sides of a tab are no thousands',
      lines(9, (n) => `19${n}\t24${n}\t3\t88125094${n}`),
      false,
      9,
    ],
    [
      'blanks before tabs divide nothing',
      `cas\tname\tvalue\n${lines(9, (n) => `5${n}-23-5\tMethyl chloride ${n} \t0.${n}`)}`,
      true,
      9,
    ],
    [
      'numbers that rise behind an empty corner',
      ',16.5,17,17.5,18,18.5,19,20\n71,0,3,0,1,4,2,1\n70,9,5,0,1,5,9,0\n',
      true,
      2,
    ],
    [
      'numbers that rise behind names',
      'cas,name,200,250,300,350,400,500\n65-85-0,Benzoic acid,102.7,123.5,147.4,172.1,,\n' +
        '74-82-8,Graphite,5.01,6.82,8.58,10.24,11.81,14.62\n50-32-8,Lead,4.1,4.9,5.2,6.3,7.1,8.8\n',
      true,
      3,
    ],
    [
      'numbers that name the rows, too',
      '\t18\t15\t24\n18\t0\t4.5\t7.1\n15\t4.5\t0\t6.2\n24\t7.1\t6.2\t0\n',
      true,
      3,
    ],
    [
      'days that name columns of numbers',
      'Province,Country,Lat,1/22/2020,1/23/2020,1/24/2020\nHubei,China,30.9,444,444,549\n,Italy,41.8,0,0,0\n',
      true,
      2,
    ],
    [
      'marks of addresses between tabs',
      lines(5, (n) => `https://data.org/a_${n}.zip\t${n}1965\tc31f${n}0ab\ta_${n}.zip`),
      false,
      5,
    ],
    [
      'cells that are empty side by side',
      'net|sta|loc|cha|lat\nBW|FUR||EHZ|48.1\nBW|FUR|||48.2\nBW|RJOB||EHN|47.7\n',
      true,
      3,
    ],
    ['years behind an empty corner', ',1940,1945\nFood,22,44\nTobacco,10,15\nCare,3,4\n', true, 3],
    [
      'questions below a corner',
      `,Content\n${lines(9, (n) => `V${n},Do you long for ${n}?`)}`,
      true,
      9,
    ],
    [
      'a name that returns in a table of names',
      `name,meaning\nname,what it is called by those who know it\n${lines(9, (n) => `n${n},number ${n} of all`)}`,
      true,
      10,
    ],
    ['codes below a name', `code\n${lines(9, (n) => `DE-4${n}/1-x`)}`, true, 9],
    [
      'readings with blanks between',
      lines(9, (n) => `4.4306${n}e-01 -6.7279${n}e-02 5.217${n}`),
      false,
      9,
    ],
    [
      'numbers of two digits beside those with a point',
      lines(3, (n) => `${n}4,1${n},0.7${n},-2${n}`),
      false,
      3,
    ],
    ['names of files', `image\n${lines(9, (n) => `word${n}.jpg`)}`, true, 9],
    ['words among numbers', 'city,n\nRome,1\nOslo,2\nBonn,unknown\nParis,4\n', true, 4],
    ['usual names above nothing', 'id,name\n', true, 0],
    [
      'a name above objects',
      'Office,Location\nDalby,"{""lon"": 151.2}"\nBonn,"{""lon"": 7.1}"\n',
      true,
      2,
    ],
    [
      'days above days',
      lines(9, (n) => `A_${n % 2}0${n}|01.06.2015|15.09.201${n}|${n < 1 ? 'all of it' : 'none'}`),
      false,
      9,
    ],
    [
      'codes above true and false',
      `id,100022,100025,100047\n${lines(3, (n) => `id${n},TRUE,FALSE,TRUE`)}`,
      true,
      3,
    ],
    [
      'a column whose values become words',
      `id,age,name\n${lines(4, (n) => `${n},3${n},Jimmy`)}${lines(6, (n) => `${'qwerty'.slice(n)},nineteen,Rose`)}`,
      true,
      10,
    ],
    ['an index without a name', ',city\n0,Rome\n1,Oslo\n', true, 2],
  ])('%s', async (_what, text, header, rows) => {
    const reading = await read(text);
    expect(reading.warnings).toEqual([]);
    expect(reading.header).toBe(header);
    expect(reading.rows).toHaveLength(rows);
  });

  test('blank lines above a column without a header are rows of it', async () => {
    expect((await read('\n\n15\n91\n\n20\n')).rows).toEqual([
      [''],
      [''],
      ['15'],
      ['91'],
      [''],
      ['20'],
    ]);
  });
});
