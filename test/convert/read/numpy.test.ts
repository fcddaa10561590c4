/** NumPy arrays: of one and two dimensions, of records, in archives of them; what is no table is left out. */
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { readDataset } from '../../helpers/read-dataset.js';

function npy(descr: string, shape: string, content: Buffer, isFortran = false): Buffer {
  const order = isFortran ? 'True' : 'False';
  const text = `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
  const header = Buffer.from(text, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), length, header, content]);
}

async function npz(arrays: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(arrays)) zip.addBuffer(content, name);
  zip.end();
  return buffer(zip.outputStream);
}

const WORDS = Buffer.from('007\0abc\0\0\0\0\0', 'latin1');
const NUMBERS = Buffer.from(Float64Array.of(1, 2, 3.5, NaN, -0.5, 1e300).buffer);

test('arrays of one and two dimensions, row after row or column after column', async () => {
  const { tables } = await readDataset({
    'words.npy': npy("'|S4'", '(3,)', WORDS),
    'rows.npy': npy("'<f8'", '(3, 2)', NUMBERS),
    'columns.data': npy("'<f8'", '(3, 2)', NUMBERS, true),
  });
  expect(tables['words']!.columns).toEqual([['value', 'VARCHAR']]);
  expect(tables['words']!.rows).toEqual([['007'], ['abc'], ['']]);
  expect(tables['rows']!.columns).toEqual([
    ['column_1', 'DOUBLE'],
    ['column_2', 'DOUBLE'],
  ]);
  expect(tables['rows']!.rows).toEqual([
    [1, 2],
    [3.5, NaN],
    [-0.5, 1e300],
  ]);
  expect(tables['columns']!.rows).toEqual([
    [1, NaN],
    [2, -0.5],
    [3.5, 1e300],
  ]);
});

test('an archive of arrays: a table each; pictures and objects are left out with the reason', async () => {
  const { tables, skipped } = await readDataset({
    'data.npz': await npz({
      'labels.npy': npy("'>i2'", '(2,)', Buffer.from([0, 7, 255, 255])),
      'images.npy': npy("'|u1'", '(2, 28, 28)', Buffer.alloc(2 * 28 * 28)),
      'objects.npy': npy("'|O'", '(2,)', Buffer.from('\x80\x04K\x01.', 'latin1')),
    }),
  });
  expect(Object.values(tables).map(({ rows }) => rows)).toEqual([[[7], [-1]]]);
  expect(skipped['data.npz/images.npy']).toBe('not tabular: a NumPy array of 3 dimensions');
  expect(skipped['data.npz/objects.npy']).toMatch(/^not tabular: .* pickled objects/);
});

test.each([
  [npy("'<f8'", '(3, 2)', NUMBERS.subarray(0, 40)), 'not copied to its end'],
  [npy("'<f8'", '(3, ', NUMBERS), 'header'],
])('a damaged array is refused', async (content, found) => {
  await expect(readDataset({ 'a.npy': content })).rejects.toMatchObject({
    code: 'FORMAT_UNREADABLE',
    message: expect.stringContaining(found) as string,
  });
});
