/** Files that another delimiter divides, too: what is chosen is told. */
import { describe, expect, test } from 'vitest';
import { lines, read } from '../../helpers/read-lines.js';

describe('told', () => {
  test.each<readonly [string, string, RegExp]>([
    [
      'a number whose thousands are set apart is two columns',
      '717,534\n583,908\n80,021\n',
      /the delimiter is a guess.*thousands/,
    ],
    [
      'a number whose thousands are set apart is two columns, and one cell in a row that is longer',
      `${lines(9, (n) => `Rome,"9${n}0,840",7${n}8,06${n},word`)}Oslo,"310,900","728,511",word,more\n`,
      /the delimiter is a guess.*thousands/,
    ],
    [
      'one column, though a mark stands between quotes in half of the few lines',
      "income 'ground!\nBerlin\n'Charlie':'amount':'lat'\n'19/02/2018':'#1ad617':'no'\n",
      /the delimiter is a guess: none: one column/,
    ],
    [
      'a colon leaves more cells in one piece',
      lines(9, (n) => `4${n}8,839:Kyoto ${n}:word`),
      /the delimiter is a guess/,
    ],
    [
      'one column, though a colon divides most lines alike',
      `time:place:n\n${lines(9, (n) => `08:${n}:north`)}a:b\n`,
      /the delimiter is a guess: none: one column/,
    ],
    [
      'one column, though a colon divides most lines of words in two',
      'price_0:price\nnorth#3ab971\nalpha:#369d26\nKyoto:#75abd7\nbravo:#57d011\n',
      /the delimiter is a guess: none: one column.*could be ":"/,
    ],
    [
      'a header that is divided, and notes',
      'lon|name|code\n\n* provisional\n* provisional\n',
      /the delimiter/,
    ],
    [
      'a mark that nobody separates with divides a column of numbers from names',
      `city=>people\n${lines(9, (n) => `Rome ${n}=>${n}0${n}`)}`,
      /the delimiter is a guess: "=>"/,
    ],
    [
      'a mark that nobody separates with divides words',
      `city、land\n${lines(9, (n) => `Rome ${n}、Italy`)}`,
      /the delimiter is a guess: none.*could be "、"/,
    ],
    [
      'two blanks between words',
      'city name  land name\nRome in all  Italy\nOslo  Norway\n',
      /the delimiter is a guess: none.*could be " {2}"/,
    ],
    ['pipes in threes', 'id|||name\n1|||Ann\n2|||Bob\n', /could be "\|\|\|"/],
    ['a mark between pipes', 'id|~|name\n1|~|Ann\n2|~|Bob\n', /could be "\|~\|"/],
    ['blanks around pipes', 'word | n\nred | 1\nblue | 2\n', /could be " \| "/],
    [
      'another delimiter in each of two records',
      'juliet ;echo ;Lima|delta\njuliet ;echo ;Lima|delta|more\n',
      /the delimiter is a guess/,
    ],
    ['a point between words and numbers', 'code.place\n12.Rome\n40.Oslo\n', /could be "\."/],
    [
      'points within quotes of another kind, too',
      `kilo.mail.lat\n${lines(9, (n) => `yes.'r${n}@example.org'.0${n}601`)}`,
      /could be "\."/,
    ],
    ['a point behind leading zeros', '06085.45881\n33920.40680\n90333.04584\n', /could be "\."/],
    [
      'a mark beside those of its cells, below titles without one',
      `Figures of July\nall of them\nid&colour&n\n${lines(9, (n) => `${n}&#6${n}72aa&`)}`,
      /could be "&"/,
    ],
    [
      'a mark that the commas of numbers hide',
      `${lines(9, (n) => `88,55${n}&1972-07-1${n}&false`)}88,5`,
      /the delimiter is a guess/,
    ],
    [
      'points beside quotes, below a name without one',
      `code_0jmx\n${lines(9, (n) => `India Kyoto.false."r${n}@example.org"`)}`,
      /could be "\."/,
    ],
    ['a mark before one number and behind another', '21$\n$29\n', /could be "\$"/],
    ['blanks around a pipe, once', '84 | 2\n', /could be " \| "/],
    [
      'blanks around pipes, but for one',
      "city | year_1\n84 '| -556.8\n15 | -652.4\nNA | 812.93230\n",
      /could be " \| "/,
    ],
    [
      'a mark of two characters below a title',
      `% acreage Council\n${lines(9, (n) => `Oslo->2017-04-1${n}->6${n}`)}`,
      /could be "->"/,
    ],
    [
      'days, times and words behind blanks, below a header that lost one',
      `snrypfslc name\n${lines(9, (n) => `2023-09-1${n} 17:39:52 true`)}`,
      /the delimiter is a guess: none/,
    ],
    [
      'a comma within numbers that blanks divide',
      '8 309,976\n8 309,976 more\n6 443,661\n',
      /the delimiter is a guess.*could be " "/,
    ],
    [
      'two words in most lines, and in the first',
      'name_0 foxtrot\nGolf bravo\nSenor alpha\nSource: the office\n',
      /the delimiter/,
    ],
    [
      'one row of colons above notes',
      'a:b:name\n27/09/2026:52:x\n\nSource: all\nSource: all\n',
      /the delimiter/,
    ],
    [
      'one row of pipes among few lines',
      'countryalpha\n2|Rome\n\nTotal: 12\nTotal: 12\n',
      /the delimiter/,
    ],
    [
      'a mark between numbers below a title',
      `depot autumn Figures!\n${lines(9, (n) => `8135${n}&9062${n}`)}`,
      /could be "&"/,
    ],
    [
      'points between names, and in a number that they do not group',
      'price.vyytjvda\n222.142.48831\n',
      /could be "\."/,
    ],
    [
      'points, and missing cells',
      `name.ymz.\n${lines(9, (n) => ['..', '49..', '.95.'][n % 3]!)}`,
      /could be "\."/,
    ],
    [
      'points between names, and cells of several lines',
      "year.jq.score\n'Lima\nIndia\nGolf\nkilo\nred'.Oslo.delta\nniño.Golf.red\n",
      /could be "\."/,
    ],
    [
      'two blanks between names, above ragged rows',
      'amount  lat\nno  28\nno  2  b |d |S!\nyes  1  x y\nyes  k.\nno  p q.\nno  3  "j ""G"\n',
      /the delimiter is a guess/,
    ],
  ])('%s', async (_what, text, told) => {
    expect((await read(text)).warnings.join('\n')).toMatch(told);
  });
});
