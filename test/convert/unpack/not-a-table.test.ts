/** What bears the name of a table and is none is told by its content, with what to do. */
import { expect, test } from 'vitest';
import { notATable } from '../../../src/convert/unpack/not-a-table.js';
import { readDataset } from '../../helpers/read-dataset.js';

const PAGE = '<html><title>404</title></html>';
const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 1\n';

test.each([
  ['an HTML page', '<!DOCTYPE html><html><body>404</body></html>', /HTML page/],
  ['a page behind a mark and blanks', '\uFEFF\n <html lang="en">\n', /HTML page/],
  ['a page behind comments', `<!-- a, b -->\n<!--[if IE]> <![endif]-->\n${PAGE}`, /HTML page/],
  ['a page in capitals', PAGE.toUpperCase(), /HTML page/],
  ['a page in UTF-16', Buffer.from(`\uFEFF${PAGE}`, 'utf16le'), /HTML page/],
  ['a part of a page', '<center><h1>502</h1></center>\r\n<hr>\r\n', /HTML page/],
  ['a table of a page', '<table border="1"><tr><td>a</td></tr>\n</table>', /HTML page/],
  ['a warning of PHP', '<br />\n<b>Warning</b>: a, b in <b>x</b><br />', /HTML page/],
  ['a git-lfs pointer', LFS, /git-lfs/],
  ['a git-lfs pointer of Windows', `\uFEFF${LFS.replaceAll('\n', '\r\n')}`, /git-lfs/],
  ['a git-annex pointer', '/annex/objects/SHA256E-s1--ab.csv\n', /git-annex/],
  ['the text of a link', '../data/train.csv', /symbolic link/],
  ['the text of a link beside it', 'train.csv', /symbolic link/],
  ['the text of a link of Windows', '..\\my data\\train (1).csv\r\n', /symbolic link/],
  ['the text of a link to a folder', '../../shared/data', /symbolic link/],
  [
    'an error of S3',
    '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code></Error>',
    /object store/,
  ],
  ['an error of S3 in its namespace', '<Error xmlns="http://s3/"><Code>x</Code>', /object store/],
  ['an error of Azure', '\uFEFF<?xml version="1.0"?><Error><Code>x</Code>', /object store/],
  ['an error of a service', '<ErrorResponse><Error>x</Error></ErrorResponse>', /object store/],
  ['a listing', '<ListBucketResult xmlns="http://s3/"><Key>a</Key></ListBucketResult>', /XML/],
  ['an error in a line', '404: Not Found', /an error message/],
  ['an error of GitHub', '{"message":"Not Found","documentation_url":"x"}', /message in JSON/],
  ['an error of Google', '{"error":{"code":404,"errors":[{"reason":"x"}]}}', /message in JSON/],
  [
    'an error by RFC 9457',
    '{"type":"x","title":"y","detail":"z","traceId":"1"}',
    /message in JSON/,
  ],
  ['an error in a list', '[{"errorCode":"NOT_FOUND","message":"x"}]', /message in JSON/],
  ['a PDF', '%PDF-1.7\n1,2,3\n', /PDF/],
  ['a program', '\x7fELF\x02\x01\x01', /program/],
  ['a sound', `RIFF\x10\x20\0\0WAVEfmt ${'x'.repeat(900)}`, /sound/],
  ['bytes', '\x01\x02\x03\x00\x00a,b\x00\x01', /binary/],
])('%s', (_what, text, told) => {
  expect(notATable(Buffer.from(text as string), true)).toMatch(told);
});

test.each([
  ['a table', 'a,b\n1,2\n'],
  ['a table with a NUL', 'a,b\nx\0y,2\nsome more text,3\nand more of it,4\n'],
  ['a table in UTF-16', Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le')],
  ['a table of pages', 'url,html\nx,<html>\n'],
  ['a record in JSON', '{"name":"x","message":"hello"}'],
  ['one path in a column', 'path\n../data/train.csv\n'],
  ['names in the brackets of tags', '<TICKER>,<PER>\nSBER,D\n'],
  ['cells of pages', '<div>Hi</div>,1\n<div>Ho</div>,2\n'],
  ['columns of messages in JSON', '{"message":["a","b"],"code":[1,2]}'],
  ['a header that spells what other files begin with', 'id1,ftype,x\n1,2,3\n'],
  ['another such', 'species,DUCK,x\n1,2,3\n'],
])('not %s', (_what, text) => {
  expect(notATable(Buffer.from(text as string), true)).toBeUndefined();
});

test('a pointer under the name of an archive is told like one under the name of a table', async () => {
  const files = { 'a.csv': 'a,b\n1,2\n', 'b.zip': LFS, 'c.csv.gz': PAGE };
  const { tables, skipped } = await readDataset(files);
  expect(Object.keys(tables)).toEqual(['a']);
  expect(skipped['b.zip']).toMatch(/^a git-lfs pointer/);
  expect(skipped['c.csv.gz']).toMatch(/^an HTML page/);
});
