/** What becomes of an error when an activity ends with it. */
import { writeFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  type ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
} from '@temporalio/common';
import { expect, test } from 'vitest';
import { toApplicationFailure } from '../../src/activities/to-application-failure.js';
import { ImportError } from '../../src/errors/index.js';

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

const failureOf = (error: unknown) =>
  toApplicationFailure(error, { cancelled: false, attempt: 1 }) as ApplicationFailure;

test('our errors keep code, evidence, next step and retryability', () => {
  const error = new ImportError('LEDGER_MISMATCH', { place: 'a.csv', found: '3 rows' });
  const failure = failureOf(error);
  expect(failure).toMatchObject({ type: 'LEDGER_MISMATCH', nonRetryable: true });
  const { code, message, nextStep } = error;
  expect(failure.details).toEqual([{ code, message, nextStep }]);
  expect(failureOf(new ImportError('STORE_UNREACHABLE')).nonRetryable).toBe(false);
  // Waited for by the workflow, where people see it.
  expect(failureOf(new ImportError('RULES_NOT_ACCEPTED')).nonRetryable).toBe(true);
});

test('being asked to slow down is obeyed, and is no alarm', () => {
  expect(failureOf(new ImportError('RATE_LIMITED', { retryAfterMs: 7000 }))).toMatchObject({
    nextRetryDelay: 7000,
    category: ApplicationFailureCategory.BENIGN,
    nonRetryable: false,
  });
});

test('whatever a cancelled step ends with, it was cancelled', () => {
  const error = new ImportError('STORE_UNREACHABLE');
  expect(toApplicationFailure(error, { cancelled: true, attempt: 1 })).toBeInstanceOf(
    CancelledFailure,
  );
});

test('an error of nobody is named as a defect', () => {
  expect(failureOf(new TypeError('x is not a function'))).toMatchObject({
    type: 'UNEXPECTED',
    message: expect.stringContaining('TypeError: x is not a function') as string,
  });
});

test('a failure has the stack of the error, not of its translation', () => {
  const error = new TypeError('x is not a function');
  expect(failureOf(error).stack).toBe(error.stack);
});

test('a full disk is named, whether Node or DuckDB met it', async () => {
  const ofNode = await thrownBy(() => writeFile('/dev/full', 'bytes'));
  expect(failureOf(ofNode)).toMatchObject({ type: 'DISK_FULL', nonRetryable: true });

  const connection = await (await DuckDBInstance.create()).connect();
  const cause = await thrownBy(() =>
    connection.run("COPY (SELECT * FROM range(100000)) TO '/dev/full' (FORMAT csv)"),
  );
  connection.closeSync();
  const ofDuckDb = new ImportError('CONVERSION_FAILED', { cause });
  expect(failureOf(ofDuckDb)).toMatchObject({ type: 'DISK_FULL', nonRetryable: true });
  // A full disk of the store has its own code.
  const ofStore = new ImportError('STORE_FULL', { cause: ofNode });
  expect(failureOf(ofStore).type).toBe('STORE_FULL');
});
