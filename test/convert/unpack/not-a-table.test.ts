/** What bears the name of a table and is none is told by its content, with what to do. */
import { expect, test } from 'vitest';
import { notATable } from '../../../src/convert/unpack/not-a-table.js';

test.each([
  ['an HTML page', '<!DOCTYPE html><html><body>404</body></html>', /HTML page/],
  ['a page behind a mark and blanks', '\uFEFF\n <html lang="en">\n', /HTML page/],
  [
    'a git-lfs pointer',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n',
    /git-lfs/,
  ],
  ['the text of a link', '../data/train.csv', /symbolic link/],
  [
    'an error of an object store',
    '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>',
    /object store/,
  ],
  [
    'an error in JSON',
    '{"message":"Not Found","documentation_url":"https://x"}',
    /error message in JSON/,
  ],
  ['a PDF', '%PDF-1.7\n1,2,3\n', /PDF/],
  ['bytes', '\x01\x02\x03\x00\x00a,b\x00\x01', /binary/],
])('%s', (_what, text, told) => {
  expect(notATable(Buffer.from(text), true)).toMatch(told);
});

test.each([
  ['a table', 'a,b\n1,2\n'],
  ['a table with a NUL', 'a,b\nx\0y,2\nsome more text,3\nand more of it,4\n'],
  ['a table in UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le')],
  ['a table of pages', 'url,html\nx,<html>\n'],
  ['a record in JSON', '{"name":"x","message":"hello"}'],
  ['one path in a column', 'path\n../data/train.csv\n'],
])('not %s', (_what, text) => {
  expect(notATable(Buffer.from(text as string), true)).toBeUndefined();
});
