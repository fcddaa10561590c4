// Runs all tests and ends with the one line that counts them: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'kaggle-import-test-'));
const report = join(folder, 'report.json');
const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');
const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];

const run = spawn(process.execPath, [vitest, ...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
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
  console.error(`The tests left no report: ${error.message}`);
  broken += 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
failed += broken;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = code !== 0 || failed > 0 || passed === 0 ? 1 : 0;
