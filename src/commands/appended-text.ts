/** What has come to a table that grows, in words. */
import type { Appended } from '../convert/types.js';

export function appendedText({ files, rows, to }: Appended): string {
  const what = files === 1 ? '1 new file' : `${files} new files`;
  return `${what} with ${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'} appended to version ${to}`;
}
