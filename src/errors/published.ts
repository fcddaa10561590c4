/** Error codes of reading what is published. */
import { errorTable } from './entry.js';

export const publishedErrors = errorTable({
  DATASET_UNPUBLISHED: {
    summary: 'Nothing is published under this name',
    retryable: false,
    exitCode: 2,
    nextStep:
      'See what is there with `make list-datasets`, or import it: `make import-dataset DATASET=<name>`.',
  },
  VERSION_UNKNOWN: {
    summary: 'The dataset has no such published version',
    retryable: false,
    exitCode: 2,
    nextStep: 'Name one of the versions above, as in `iris@3`, or none for the current one.',
  },
  TABLE_UNKNOWN: {
    summary: 'The dataset has no such table',
    retryable: false,
    exitCode: 2,
    nextStep: 'Name one of the tables above, as in `titanic.passengers`.',
  },
  OBJECT_ALTERED: {
    summary: 'A stored object is not what was published',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Do not use this table; find out who else writes to the bucket, then import the dataset again with `--force`.',
  },
  SQL_FAILED: {
    summary: 'The query cannot be answered',
    retryable: false,
    exitCode: 2,
    nextStep:
      'Correct the query; tables are named `dataset.table`, or `dataset` where it has only one.',
  },
});
