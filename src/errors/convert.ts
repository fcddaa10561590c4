/** Error codes of the convert step. */
import { errorTable } from './entry.js';

export const convertErrors = errorTable({
  ARCHIVE_UNSAFE: {
    summary: 'The archive holds an entry that must not be unpacked',
    retryable: false,
    exitCode: 1,
    nextStep: 'Do not trust this archive; look at the entry named above, or tell its author.',
  },
  ARCHIVE_TOO_LARGE: {
    summary: 'The archive unpacks to more than the configured limits allow',
    retryable: false,
    exitCode: 1,
    nextStep: 'If the archive is genuine, raise the limit named above under `config: limits:`.',
  },
  ARCHIVE_DAMAGED: {
    summary: 'The archive is damaged',
    retryable: false,
    exitCode: 1,
    nextStep: 'Download it again with `--force`; if it stays damaged, tell its author.',
  },
  ARCHIVE_ENCRYPTED: {
    summary: 'The archive is encrypted',
    retryable: false,
    exitCode: 1,
    nextStep: 'Decrypt it and import the files from a `path:` source.',
  },
  ARCHIVE_EMPTY: {
    summary: 'The archive holds no files',
    retryable: false,
    exitCode: 1,
    nextStep: 'Check the dataset on its page; the version may have been published without files.',
  },
  ARCHIVE_UNSUPPORTED: {
    summary: 'The archive is compressed in a way that cannot be read here',
    retryable: false,
    exitCode: 1,
    nextStep: 'Repack it as .zip with deflate, or as .tar.gz.',
  },
  NO_TABLES: {
    summary: 'The dataset holds no table',
    retryable: false,
    exitCode: 1,
    nextStep: 'Check `files:` in the configuration against the files named above.',
  },
  CHECK_FAILED: {
    summary: 'Quality checks failed',
    retryable: false,
    exitCode: 1,
    nextStep: 'Correct the data at its source, relax the check, or set its `severity` to `warn`.',
  },
  FORMAT_UNREADABLE: {
    summary: 'The file is not what its format demands',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Look at the place named above, or leave the file out with `files: {exclude: [...]}`.',
  },
  ENCODING_UNDECODABLE: {
    summary: 'The file has bytes that are no text in its encoding',
    retryable: false,
    exitCode: 1,
    nextStep: 'Pin the right one under `csv: {encoding: ...}` of the dataset.',
  },
  RECORD_TOO_LONG: {
    summary: 'A record is too long to be one',
    retryable: false,
    exitCode: 1,
    nextStep: 'Look at that line; when quotes are plain text there, pin `csv: {quote: ""}`.',
  },
  TOO_MANY_COLUMNS: {
    summary: 'The table has more columns than the memory of a conversion has room for',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Raise `config: {memory_limit: ...}` as far as named above, or leave the file out with `files: {exclude: [...]}`.',
  },
  LEDGER_MISMATCH: {
    summary: 'The rows written and the records of the source differ, so nothing is published',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Report the file: two independent readers disagree about it. A pinned `csv:` dialect may help.',
  },
  TOO_MANY_REJECTS: {
    summary: 'The source has records that are no rows',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Correct the source, pin its dialect under `csv:`, or allow them with `checks: {max_rejects: N}`: they are kept aside, not dropped.',
  },
  PINNED_TYPE_MISMATCH: {
    summary: 'A value does not fit the type that the configuration pins',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Correct the pin under `columns:`, or take it out: the import then finds a type that fits.',
  },
  CONVERSION_FAILED: {
    summary: 'DuckDB could not convert the table',
    retryable: true,
    exitCode: 1,
    nextStep: 'Read what DuckDB says; when memory ran out, raise `config: {memory_limit: ...}`.',
  },
  CONVERSION_CRASHED: {
    summary: 'The process that reads or converts the table has ended before its time',
    // It has been tried twice, or its own hunger ended it.
    retryable: false,
    exitCode: 1,
    nextStep:
      'When memory ran out, raise `config: {memory_limit: 2GB}`; else look at the place named above, or leave the file out with `files: {exclude: [...]}`.',
  },
});
