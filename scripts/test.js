// Runs all tests and ends with the one line that counts them: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from '../test/helpers/sweep.js';

// All that the tests make lies in here, and every process that they start carries its name.
const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-test-'));
// The user of an embedded PostgreSQL must be able to enter.
chmodSync(folder, 0o711);
const report = join(folder, 'report.json');
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];

const run = spawn(process.execPath, [vitest, ...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, TMPDIR: folder },
});
/** Ctrl-C, or whoever asks us to end: nothing that runs is waited for, and nothing of it stays. */
let killedBy;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    killedBy ??= signal;
    run.kill('SIGKILL');
  });
}
const code = await new Promise((resolve) => run.on('close', resolve));

let passed = 0;
let failed = 0;
let broken = 0;
try {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { assertionResults, status } of testResults) {
    passed += assertionResults.filter((test) => test.status === 'passed').length;
    // A skipped or unfinished test has proven nothing.
    failed += assertionResults.filter((test) => test.status !== 'passed').length;
    // A file that could not be loaded has no assertions of its own.
    if (status === 'failed' && assertionResults.length === 0) broken += 1;
  }
} catch (error) {
  console.error(`The tests left no report: ${killedBy ?? error.message}`);
  broken += 1;
} finally {
  await sweep(folder);
}
failed += broken;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
if (killedBy !== undefined) process.exitCode = 128 + constants.signals[killedBy];
