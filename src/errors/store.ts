/** Error codes of the store step. */
import { errorTable } from './entry.js';

export const storeErrors = errorTable({
  STORE_UNREACHABLE: {
    summary: 'The object store cannot be reached',
    retryable: true,
    exitCode: 3,
    nextStep:
      'Check that it runs and that MINIO_ENDPOINT and MINIO_USE_SSL (or the AZURE_STORAGE_ variables) name it; `make up` starts an embedded one.',
  },
  STORE_FORBIDDEN: {
    summary: 'The object store refuses our credentials',
    retryable: false,
    exitCode: 3,
    nextStep:
      'Check MINIO_ACCESS_KEY and MINIO_SECRET_KEY (or the AZURE_STORAGE_ variables), and their rights to read and write.',
  },
  STORE_BUCKET_MISSING: {
    summary: 'The bucket or container does not exist and may not be created with our credentials',
    retryable: false,
    exitCode: 3,
    nextStep: 'Create it, or name another one with MINIO_BUCKET or AZURE_STORAGE_CONTAINER.',
  },
  STORE_OF_ANOTHER_CATALOG: {
    summary: 'The bucket belongs to another catalog, whose objects must not be mixed with ours',
    retryable: false,
    exitCode: 2,
    nextStep:
      'Take a prefix of your own, `STORAGE_PREFIX=team-b`, or another bucket. Only if that other catalog is gone for good: remove the marker object named above.',
  },
  STORE_FULL: {
    summary: 'The object store has no space left, or a quota is used up',
    retryable: false,
    exitCode: 1,
    nextStep: 'Free space or raise the quota of the store, then import the dataset again.',
  },
  STORE_FAILED: {
    summary: 'The object store answered with an error',
    retryable: true,
    exitCode: 1,
    nextStep: 'Read the answer above and the log of the store, then import the dataset again.',
  },
  OBJECT_MISSING: {
    summary: 'The object does not exist',
    retryable: false,
    exitCode: 1,
    nextStep: 'Import the dataset again with `--force`.',
  },
  OBJECT_CONFLICT: {
    summary: 'Another object already lies under this key',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Import the dataset again: each import writes under a prefix of its own. If it stays, find out who else writes to this bucket; nothing of theirs is rewritten.',
  },
  OBJECT_VERIFY_FAILED: {
    summary: 'What was to be stored is not what was converted',
    retryable: true,
    exitCode: 1,
    nextStep: 'Import the dataset again; if it stays, check disk, memory and the store.',
  },
});
