/** Which Iceberg type a column gets, under which name and id; and what is left out. */
import { expect, test } from 'vitest';
import { buildSchema, identify } from '../../src/iceberg/index.js';
import { icebergNotes } from '../../src/iceberg/notes.js';

const typeOf = async (type: string) => (await buildSchema([{ name: 'x', type }])).fields[0]?.type;

test.each([
  ['BOOLEAN', 'boolean'],
  ['TINYINT', 'int'],
  ['USMALLINT', 'int'],
  ['INTEGER', 'int'],
  ['BIGINT', 'long'],
  ['FLOAT', 'float'],
  ['DOUBLE', 'double'],
  ['DECIMAL(38,2)', 'decimal(38, 2)'],
  ['DATE', 'date'],
  ['TIME', 'time'],
  ['TIMESTAMP', 'timestamp'],
  ['TIMESTAMP WITH TIME ZONE', 'timestamptz'],
  ['VARCHAR', 'string'],
  ['UUID', 'uuid'],
  ['BLOB', 'binary'],
])('%s is %s', async (type, expected) => {
  expect(await typeOf(type)).toBe(expected);
});

test('nested types keep their shape, and every field has an id of its own', async () => {
  const { fields, lastColumnId } = await buildSchema([
    { name: 's', type: 'STRUCT(a INTEGER, "b, (c" VARCHAR[])' },
    { name: 'm', type: 'MAP(VARCHAR, STRUCT(d DATE))' },
    { name: 'l', type: 'DOUBLE[3]' },
  ]);
  const ids = [...JSON.stringify(fields).matchAll(/"(?:id|\w+-id)":(\d+)/g)].map(([, id]) =>
    Number(id),
  );
  expect(new Set(ids).size).toBe(10);
  expect(Math.max(...ids)).toBe(lastColumnId);
  expect(fields).toMatchObject([
    {
      name: 's',
      required: false,
      type: {
        type: 'struct',
        fields: [
          { name: 'a', type: 'int' },
          { name: 'b, (c', type: { type: 'list', element: 'string' } },
        ],
      },
    },
    { type: { type: 'map', key: 'string', value: { type: 'struct', fields: [{ type: 'date' }] } } },
    { type: { type: 'list', element: 'double' } },
  ]);
});

test.each(['UBIGINT', 'UINTEGER', 'HUGEINT', 'TIMESTAMP_NS', 'TIME WITH TIME ZONE', 'INTERVAL'])(
  'a column with %s in it is left out, and said to be',
  async (type) => {
    const columns = [
      { name: 'kept', type: 'BIGINT' },
      { name: 'bare', type },
      { name: 'within', type: `STRUCT(a ${type})[]` },
    ];
    const { fields, leftOut, columns: names } = await buildSchema(columns);
    expect(fields.map(({ name }) => name)).toEqual(['kept']);
    expect(names).toEqual(['kept']);
    expect(leftOut).toEqual(columns.slice(1));
  },
);

test('names that differ by case only, and names with a dot that a nested field has, are told apart', async () => {
  const { fields, columns, renamed } = await buildSchema([
    { name: 'Größe', type: 'BIGINT' },
    { name: 'GRÖßE', type: 'BIGINT' },
    { name: 'a', type: 'STRUCT(b INTEGER)' },
    { name: 'a.b', type: 'BIGINT' },
  ]);
  expect(fields.map(({ name }) => name)).toEqual(['Größe', 'GRÖßE_2', 'a', 'a.b_2']);
  expect(columns).toEqual(['Größe', 'GRÖßE', 'a', 'a.b']);
  expect(renamed).toEqual([
    { column: 'GRÖßE', name: 'GRÖßE_2' },
    { column: 'a.b', name: 'a.b_2' },
  ]);
});

test('what engines do not see as it is stored is told', async () => {
  const name = (type: string) => ({ name: 'x', type });
  expect(await icebergNotes([name('BIGINT'), { name: 'y', type: 'UBIGINT' }])).toEqual([
    'y: engines do not see it, Iceberg has no UBIGINT',
  ]);
  expect(await icebergNotes([name('BIGINT'), { name: 'X', type: 'DATE' }])).toEqual([
    'X: engines see it as X_2, they fold case',
  ]);
  expect(await icebergNotes([name('HUGEINT')])).toEqual([
    'no column has a type that Iceberg has: engines do not see the table',
  ]);
});

test('an id stays with the name of a column, wherever it stands; a column of another kind is another one', () => {
  const id = (name: string, type: string, before: string[] = []) =>
    identify([...before.map((one) => ({ name: one, type: 'BIGINT' })), { name, type }]).at(-1)!.id;
  expect(id('x', 'INTEGER', ['new', 'newer'])).toBe(id('x', 'INTEGER'));
  // What Iceberg lets grow into each other.
  expect(id('x', 'BIGINT')).toBe(id('x', 'INTEGER'));
  expect(id('x', 'DOUBLE')).toBe(id('x', 'FLOAT'));
  expect(id('x', 'DECIMAL(18,2)')).toBe(id('x', 'DECIMAL(9,2)'));
  const others = ['INTEGER', 'DOUBLE', 'VARCHAR', 'DECIMAL(9,2)', 'DECIMAL(9,3)', 'DATE'];
  expect(new Set(others.map((type) => id('x', type))).size).toBe(others.length);
  expect(id('x', 'INTEGER')).not.toBe(id('y', 'INTEGER'));
});

test('20,000 columns have 20,000 ids, and others have their turn meanwhile', async () => {
  const columns = Array.from({ length: 20_000 }, (_none, at) => ({
    name: `column ${at}`,
    type: 'DOUBLE',
  }));
  let turns = 0;
  const others = setInterval(() => (turns += 1));
  const { fields, lastColumnId } = await buildSchema(columns);
  clearInterval(others);
  expect(turns).toBeGreaterThan(5);
  expect(new Set(fields.map(({ id }) => id)).size).toBe(20_000);
  expect(lastColumnId).toBeLessThanOrEqual(2 ** 30);
});
