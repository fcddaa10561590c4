/** Tells what stands where data should be: pages, pointers, links and messages of services; by content, whatever the name. */
import { utf16WithoutMark, markOf } from '../read/encoding/unicode.js';

/** Comments of a page, and what a browser leaves above what it saves. */
const ABOVE_MARKUP = /^(\s|<!--[^]*?-->|<\?xml[^>]*>)+/i;
const PAGE = /^<(!doctype\s+html|html|head|body)[\s>]/i;
/** Parts of one, unless they are the first cell of a row. */
const PART_OF_PAGE =
  /^(<(title|meta|script|style|link|center|table|div|iframe|frameset|form|h[1-3])(\s[^<>]*)?>(?![,;|\t])|(<br ?\/?>\s*)?<b>(warning|notice|fatal error|parse error|deprecated)<\/b>:)/i;
/** Of S3, Azure, Google, and what speaks like them. */
const STORE_ERROR =
  /^<(\w+:)?(error|errorresponse|fault|exceptionreport|serviceexception\w*)[\s>]/i;

const LFS_POINTER = /^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\//;
const ANNEX_POINTER = /^[\w./-]*\/annex\/objects\/[\w./-]+\s*$/;
// eslint-disable-next-line no-control-regex -- so begin the links of Windows
const LINK_FILE = /^(XSym\n\d{4}\n[0-9a-f]{32}\n|!<symlink>|L\0\0\0\x01\x14\x02\0)/;
/** A line that is a path up or down the tree, or the name of a file of data, and nothing else. */
const LINK_TEXT =
  /^((\.{1,2}|~|[a-z]:)[\\/][^\n\r\t,;|"<>]*|([^\n\r\t,;|"<>\\/]*[\\/])*[^\n\r\t,;|"<>\\/]+\.(csv|tsv|txt|tab|dat|jsonl?|ndjson|geojson|parquet|pq|feather|arrow|xls[xmb]?|ods|dbf|db|sqlite3?|gz|bz2|xz|zst|zip|7z|tar|tgz|h5|pkl|npy))\r?\n?$/i;
const LONGEST_LINK = 1024;

const PLAIN_ERROR =
  /^([45]\d\d\W*)?(page |file |object |resource )?(not found|forbidden|access denied|permission denied|unauthorized|bad request|bad gateway|service unavailable|internal server error|gateway time-?out|too many requests|rate limit exceeded)\W*$/i;
/** Of what services answer instead of a file; the first few say that something is wrong. */
const ERROR_WORDS =
  'error errors message errormessage errorcode errordescription exception fault detail';
const BESIDE_ERRORS =
  'code status statuscode documentationurl details title type instance traceid requestid hostid resource success ok timestamp path trace stacktrace help erroruri haserrormessage';
const ERROR_KEYS = new Set(ERROR_WORDS.split(' '));
const KEYS_OF_ERRORS = new Set([...ERROR_KEYS, ...BESIDE_ERRORS.split(' ')]);

const CHECK_LINK = 'in place of the data: check the link and who may read it';

/** What the start of a file is and what to do about it, in words; nothing when it may be data. */
export function inPlaceOfData(head: Buffer, complete: boolean): string | undefined {
  const text = textOf(head);
  const markup = text.replace(ABOVE_MARKUP, '');
  if (PAGE.test(markup) || (isMarkup(markup, complete) && PART_OF_PAGE.test(markup)))
    return 'an HTML page in place of the data: look where its link leads';
  if (STORE_ERROR.test(markup)) return `an error document of an object store ${CHECK_LINK}`;
  if (LFS_POINTER.test(text))
    return 'a git-lfs pointer, the data is kept elsewhere: take the file from a source that resolves git-lfs';
  const isShort = complete && head.length <= LONGEST_LINK;
  if (isShort && ANNEX_POINTER.test(text))
    return 'a git-annex pointer, the data is kept elsewhere: take the file from a source that resolves it';
  if (LINK_FILE.test(text) || (isShort && LINK_TEXT.test(text)))
    return 'the text of a symbolic link, the data is elsewhere: take the file that it names';
  if (isShort && PLAIN_ERROR.test(text.trim())) return `an error message ${CHECK_LINK}`;
  if (complete && isErrorInJson(text)) return `an error message in JSON ${CHECK_LINK}`;
  return undefined;
}

/** Enough of the text to tell markup: letters beyond ASCII are of no interest. */
export function textOf(head: Buffer): string {
  const encoding = markOf(head)?.encoding ?? utf16WithoutMark(head)?.encoding;
  const isWide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const text = isWide ? new TextDecoder(encoding).decode(head) : head.toString('latin1');
  return text.replace(/^(\u00ef\u00bb\u00bf|\ufeff)/, '');
}

/** A table may begin with a tag, and does not end with one. */
function isMarkup(markup: string, complete: boolean): boolean {
  return !complete || markup.trimEnd().endsWith('>');
}

/** One object that holds nothing but what an error does, alone or in a list of one. */
function isErrorInJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    const parsed = JSON.parse(text) as unknown;
    const found: unknown = Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed;
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return false;
    const keys = Object.keys(found).map((key) => key.toLowerCase().replace(/[_-]/g, ''));
    // Several lists are columns.
    const lists = Object.values(found).filter((value) => Array.isArray(value)).length;
    return (
      lists < 2 &&
      keys.some((key) => ERROR_KEYS.has(key)) &&
      keys.every((key) => KEYS_OF_ERRORS.has(key))
    );
  } catch {
    return false;
  }
}
