/** Error codes of the source step. */
import { errorTable } from './entry.js';

export const sourceErrors = errorTable({
  CREDENTIALS_MISSING: {
    summary: 'No Kaggle credentials were found',
    retryable: false,
    exitCode: 2,
    nextStep:
      'Create an API token on kaggle.com under Settings, and set KAGGLE_API_TOKEN, or KAGGLE_USERNAME and KAGGLE_KEY.',
  },
  CREDENTIALS_REJECTED: {
    summary: 'The source refuses our credentials',
    retryable: false,
    exitCode: 2,
    nextStep: 'Create new credentials at the source and replace the ones named above.',
  },
  CREDENTIALS_UNREADABLE: {
    summary: 'The file with the Kaggle credentials cannot be used',
    retryable: false,
    exitCode: 2,
    nextStep: 'Download kaggle.json again from kaggle.com under Settings, or correct the file.',
  },
  SOURCE_REFERENCE_INVALID: {
    summary: 'The reference to the source cannot be understood',
    retryable: false,
    exitCode: 2,
    nextStep: 'Correct it in kaggle_datasets_config.yaml; docs/sources.md shows every form.',
  },
  SOURCE_NOT_FOUND: {
    summary: 'The source has no such dataset, version or file',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Check the spelling; `make search Q="words"` finds datasets. It may have been deleted.',
  },
  SOURCE_GONE: {
    summary: 'The source has removed this for good',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Look at its page on the web for what became of it, then correct or remove the entry.',
  },
  SOURCE_FORBIDDEN: {
    summary: 'The source does not let us read this',
    retryable: false,
    exitCode: 1,
    nextStep: 'Ask its owner for access for the account that `make test-auth` shows.',
  },
  RULES_NOT_ACCEPTED: {
    summary: 'The rules of this competition or dataset have not been accepted on the web',
    retryable: true,
    exitCode: 1,
    nextStep: 'Open its page on kaggle.com with the same account and accept the rules.',
  },
  DATASET_NOT_READY: {
    summary: 'Kaggle is still preparing this version',
    retryable: true,
    exitCode: 1,
    nextStep: 'Wait: a new version can take hours until it can be downloaded.',
  },
  RATE_LIMITED: {
    summary: 'The source asks us to slow down',
    retryable: true,
    exitCode: 3,
    nextStep:
      'Nothing to do: the import goes on by itself after the time that the source asks for.',
  },
  SOURCE_UNREACHABLE: {
    summary: 'The source cannot be reached',
    retryable: true,
    exitCode: 3,
    nextStep: 'Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the address.',
  },
  SOURCE_TLS_FAILED: {
    summary: 'The source cannot prove who it is: its certificate is not trusted',
    retryable: false,
    exitCode: 3,
    nextStep: 'Behind a company proxy, set SSL_CERT_FILE to the PEM file of its authority.',
  },
  SOURCE_SERVER_ERROR: {
    summary: 'The source has a problem of its own',
    retryable: true,
    exitCode: 3,
    nextStep: 'Wait and import the dataset again; look at the status page of the source.',
  },
  SOURCE_ANSWER_INVALID: {
    summary: 'The source answered with something that is not an answer',
    retryable: true,
    exitCode: 3,
    nextStep: 'Check that the address is that of the API and that no login page stands before it.',
  },
  SOURCE_REFUSED: {
    summary: 'The source refuses this request',
    retryable: false,
    exitCode: 1,
    nextStep: 'Read the answer above; check the reference in kaggle_datasets_config.yaml.',
  },
  SOURCE_CHANGED: {
    summary: 'The source kept changing while it was read',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Import the dataset again once nobody writes to its source; a single `url:` whose server contradicts itself can be pinned by `sha256:`.',
  },
  PRIVATE_ADDRESS_REFUSED: {
    summary: 'An address of the source leads to a private, loopback or link-local address',
    retryable: false,
    exitCode: 2,
    nextStep: 'If that is intended, set `allow_private_addresses: true` under `config:`.',
  },
  SOURCE_FILES_NOT_FOUND: {
    summary: 'No file of the source matches the patterns of the dataset',
    retryable: false,
    exitCode: 1,
    nextStep: 'Correct `files:` in kaggle_datasets_config.yaml.',
  },
  SOURCE_PATH_UNREADABLE: {
    summary: 'The local file or folder cannot be read',
    retryable: false,
    exitCode: 1,
    nextStep: 'Check the path and its permissions, on the host of the worker.',
  },
});
