/** Formats that are not read: told by content, with the reason and what to do; texts that begin alike are texts. */
import { expect, test } from 'vitest';
import { unsupportedContent, unsupportedName } from '../../../src/convert/unpack/unsupported.js';
import { readDataset } from '../../helpers/read-dataset.js';

const bytes = (start: string): Buffer =>
  Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(600)]);

test.each([
  ['a Python pickle', '\x80\x04\x95\x10\0'],
  ['an HDF5 file', '\x89HDF\r\n\x1a\n'],
  ['objects of R', 'X\n\0\0\0\x03'],
  ['objects of R', 'RDX3\nX\n\0\0\0\x03'],
  ['a MATLAB file', 'MATLAB 5.0 MAT-file, Platform: GLNXA64'],
  ['a Stata file of before version 8', 'n\x02\x01\0'],
  ['an SPSS file', '$FL2@(#) SPSS DATA FILE'],
  ['a SAS file', '\0'.repeat(12) + '\xc2\xea\x81\x60'],
  ['an ORC file', 'ORC\x11\0\0'],
  ['an encrypted Parquet file', 'PARE\0\0'],
])('%s', (what, start) => {
  expect(unsupportedContent(bytes(start))).toMatch(
    new RegExp(`^not supported: ${what}, because .+; .+`),
  );
});

test('texts that begin like one of them are tables', async () => {
  const texts = {
    'a.csv': 'ORCID,name\n1,x\n',
    'b.csv': 'PARENT,n\n1,2\n',
    'c.csv': 'FEA1,FEA2\n1,2\n',
  };
  const { tables } = await readDataset(texts);
  expect(Object.keys(tables)).toEqual(['a', 'b', 'c']);
});

test('a pickle is left in its archive for its name, whatever it holds', () => {
  expect(unsupportedName('pkl')).toMatch(/^not supported: a Python pickle, because opening it/);
  expect(unsupportedName('constructor')).toBeUndefined();
});
