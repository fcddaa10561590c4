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
    nextStep: 'Look at the place named above, or leave the file out with `files: exclude:`.',
  },
});
