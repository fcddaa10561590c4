/** What a log line holds of an error, and what it never holds. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { createLogger } from '../../src/log.js';
import { eventually } from '../helpers/eventually.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

test('an error is logged with its message and its stack, without the secrets beside it', async () => {
  const file = join(await temporaryFolder(), 'log', 'import.log');
  const log = createLogger(readEnvironment({}, { LOG_FILE: file, LOG_LEVEL: 'warn' }));
  log.warn({ error: new Error('the disk hangs'), token: 'hunter2' }, 'the cache was not swept');
  let text = '';
  await eventually('the line in the file', async () => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text.endsWith('\n');
  });
  expect(JSON.parse(text)).toMatchObject({
    msg: 'the cache was not swept',
    error: { message: 'the disk hangs', stack: expect.stringContaining('log.test.ts') as string },
  });
  expect(text).not.toContain('hunter2');
});
