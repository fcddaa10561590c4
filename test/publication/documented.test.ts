/** What a source says of files, at the tables that are made of them. */
import { expect, test } from 'vitest';
import type { TableSource } from '../../src/convert/types.js';
import { documented } from '../../src/publication/documented.js';

const bytes = { sourceBytes: 1, sourceSha256: '0'.repeat(64) };

function table(name: string, ...paths: string[]): TableSource {
  const members = paths.map((originalPath) => ({ originalPath, file: originalPath, ...bytes }));
  const several = paths.length > 1;
  return {
    ...{ name, originalPath: several ? `${name}_*.csv` : paths[0]!, file: paths[0]! },
    ...{ format: 'csv', ...bytes },
    ...(several && { members }),
  };
}

test('a file by its path, a sheet by its file, a name alone where only one file has it', () => {
  const files = [
    { path: 'rides.csv', description: 'Rides', columns: [['km', 'Kilometres'] as const] },
    { path: 'book.xlsx', description: 'A book', columns: [] },
    { path: 'twin.csv', description: 'Which?', columns: [] },
  ];
  const tables = [
    table('rides', 'folder/rides.csv'),
    table('sheet', 'book.xlsx#Sheet1'),
    table('one', 'a/twin.csv'),
    table('two', 'b/twin.csv'),
  ];
  const [rides, sheet, one, two] = documented(tables, { files });
  expect(rides).toMatchObject({
    description: 'Rides',
    columnDescriptions: [['km', 'Kilometres']],
  });
  expect(sheet).toMatchObject({ description: 'A book' });
  expect([one, two]).toEqual(tables.slice(2));
});

test('a table of several files has the columns of all, and a description only where they share one', () => {
  const may = {
    path: 'rides_05.csv',
    description: 'Rides of May',
    columns: [['km', 'Kilometres'] as const],
  };
  const june = {
    path: 'rides_06.csv',
    description: 'Rides of June',
    columns: [['km', 'Length'] as const, ['tip', 'In dollars'] as const],
  };
  const rides = table('rides', 'rides_05.csv', 'rides_06.csv');
  const columnDescriptions = [
    ['km', 'Kilometres'],
    ['tip', 'In dollars'],
  ];
  const [of] = documented([rides], { files: [may, june] });
  expect(of).toEqual({ ...rides, columnDescriptions });
  const same = [may, { ...june, description: 'Rides of May' }];
  expect(documented([rides], { files: same })[0]).toMatchObject({ description: 'Rides of May' });
  expect(documented([rides], { files: [may] })[0]).not.toHaveProperty('description');
});
