/** Error codes of the catalog step. */
import { errorTable } from './entry.js';

export const catalogErrors = errorTable({
  DATABASE_UNREACHABLE: {
    summary: 'The catalog database cannot be reached',
    retryable: true,
    exitCode: 3,
    nextStep:
      'Check that it runs and that DATABASE_URL names it; `make up` starts an embedded one.',
  },
  DATABASE_FORBIDDEN: {
    summary: 'The catalog database refuses our credentials, or lacks a right',
    retryable: false,
    exitCode: 3,
    nextStep: 'Check user, password and database in DATABASE_URL, and the rights of that user.',
  },
  DATABASE_BUSY: {
    summary: 'The catalog database is too busy: transactions kept getting in each other’s way',
    retryable: true,
    exitCode: 1,
    nextStep: 'Nothing was written; import the dataset again.',
  },
  DATABASE_FAILED: {
    summary: 'The catalog database answered with an error',
    retryable: false,
    exitCode: 1,
    nextStep: 'Look up the SQLSTATE above in the log of the database; nothing was written.',
  },
  CATALOG_OUTDATED: {
    summary: 'The catalog has another schema than this version of kaggle-import works with',
    retryable: false,
    exitCode: 3,
    nextStep:
      'Start a worker or `make up` of the newest version: it applies what is missing from sql/.',
  },
  IMPORT_SUPERSEDED: {
    summary:
      'A newer import of the dataset has begun, or a person has gone back to an older version, so this one publishes nothing',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Nothing to do while the newer one runs; `make status` shows it. Else import the dataset again.',
  },
  VERSION_REMOVED: {
    summary: 'The version was removed, as its dataset has newer ones',
    retryable: false,
    exitCode: 2,
    nextStep:
      'See with `make versions NAME=<dataset>` which ones are stored; `keep_versions` in the configuration says how many stay.',
  },
  VERSION_HELD: {
    summary: 'The version is held: a person has yet to decide about it',
    retryable: false,
    exitCode: 2,
    nextStep:
      'See why with `make versions NAME=<dataset>`, then `make approve NAME=<dataset>` or `make reject NAME=<dataset>`.',
  },
  VERSION_NOT_HELD: {
    summary: 'Nothing is to be decided about the version',
    retryable: false,
    exitCode: 2,
    nextStep:
      'See with `make versions NAME=<dataset>` which one is held; `kaggle-import rollback <dataset> <version>` makes any other current that is stored.',
  },
  VERSION_MISSING: {
    summary: 'The version is no longer in the catalog',
    retryable: true,
    exitCode: 1,
    nextStep: 'Import the dataset again.',
  },
  CARRIED_OVER_MISSING: {
    summary: 'A table that was to be carried over is not in the current publication',
    retryable: false,
    exitCode: 1,
    nextStep: 'Import the dataset again: another import published in between.',
  },
  ICEBERG_NAME_TAKEN: {
    summary:
      'A table of this name in the Iceberg catalog is not ours, or another tool has changed it',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Nothing was published. Drop that table, or give ours another place: `config: {iceberg: {namespace: kaggle}}`.',
  },
  ICEBERG_MOVED: {
    summary: 'Versions of the dataset came and went while its Iceberg tables were written',
    retryable: true,
    exitCode: 1,
    nextStep: 'Nothing has changed; do it again.',
  },
});
