/** What a log line holds, what it never holds, and that the file it goes to neither grows nor loses a line. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/environment.js';
import { openLogFile } from '../../src/log-file.js';
import { createLogger } from '../../src/log.js';
import { temporaryFolder } from '../helpers/kaggle-for-test.js';

const logFile = join(import.meta.dirname, '..', '..', 'dist', 'log-file.js');

test('an error is logged with its message and its stack, without the secrets beside it', async () => {
  const file = join(await temporaryFolder(), 'log', 'import.log');
  const log = createLogger(readEnvironment({}, { LOG_FILE: file, LOG_LEVEL: 'warn' }));
  log.info('not this');
  log.warn({ error: new Error('the disk hangs'), token: 'hunter2' }, 'the cache was not swept');
  const text = readFileSync(file, 'utf8');
  expect(JSON.parse(text)).toMatchObject({
    level: 'warn',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    msg: 'the cache was not swept',
    error: { message: 'the disk hangs', stack: expect.stringContaining('log.test.ts') as string },
  });
  expect(text).not.toContain('hunter2');
});

test('a log file that cannot be written is a variable to mend', async () => {
  const noFolder = join(await temporaryFolder(), 'file');
  writeFileSync(noFolder, '');
  const environment = readEnvironment({}, { LOG_FILE: join(noFolder, 'import.log') });
  expect(() => createLogger(environment)).toThrow(
    expect.objectContaining({ code: 'ENVIRONMENT_INVALID' }) as Error,
  );
});

test('the file is rotated by size, and bounded in number', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'import.log');
  const log = openLogFile(file, { maxBytes: 1000, keptFiles: 3 });
  for (let line = 0; line < 500; line += 1) log.write(`${String(line).padStart(99, '0')}\n`);
  const names = ['import.log', 'import.log.1', 'import.log.2', 'import.log.3'];
  expect(readdirSync(folder).sort()).toEqual(names);
  for (const name of names) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
  // The newest line is where it is looked for, and the older ones go on behind it.
  const newestFirst = names.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trimEnd().split('\n').reverse().map(Number),
  );
  expect(newestFirst).toEqual(newestFirst.map((_line, index) => 499 - index));
});

test('several processes write and rotate one file, and no line is lost or torn', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'import.log');
  const writer = `
    import { openLogFile } from ${JSON.stringify(logFile)};
    const log = openLogFile(${JSON.stringify(file)}, { maxBytes: 20_000, keptFiles: 50 });
    for (let line = 0; line < 1000; line += 1) log.write(process.argv[1] + ' ' + line + ' ' + 'x'.repeat(80) + '\\n');`;
  const run = promisify(execFile);
  const names = ['one', 'two', 'three'];
  await Promise.all(
    names.map((name) => run(process.execPath, ['--input-type=module', '-e', writer, name])),
  );
  const files = readdirSync(folder);
  expect(files.length).toBeGreaterThan(5);
  const lines = files.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'),
  );
  const wanted = names.flatMap((name) =>
    Array.from({ length: 1000 }, (_one, line) => `${name} ${line} ${'x'.repeat(80)}`),
  );
  expect(lines.sort()).toEqual(wanted.sort());
});
