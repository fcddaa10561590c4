/** Error codes of the configuration: the environment, the YAML file and the command line. */
import { errorTable } from './entry.js';

export const configurationErrors = errorTable({
  CONFIG_NOT_FOUND: {
    summary: 'The dataset configuration file cannot be read',
    retryable: false,
    exitCode: 2,
    nextStep: 'Create it, or point KAGGLE_IMPORT_CONFIG at the right file.',
  },
  CONFIG_INVALID: {
    summary: 'The dataset configuration has problems',
    retryable: false,
    exitCode: 2,
    nextStep: 'Correct the lines named above, then run `make check-config`.',
  },
  CONFIG_DIFFERS: {
    summary: 'Workers go by different configuration files, and would publish in turns',
    // A change reaches all of them within a minute or so.
    retryable: true,
    exitCode: 2,
    nextStep: 'Give all workers the same files; `make status` shows which worker has which.',
  },
  ENVIRONMENT_INVALID: {
    summary: 'Environment variables have values that cannot be used',
    retryable: false,
    exitCode: 2,
    nextStep: 'Correct the variables named above; docs/configuration.md describes each one.',
  },
  DATASET_UNKNOWN: {
    summary: 'No dataset of that name is configured',
    retryable: false,
    exitCode: 2,
    nextStep: 'Run `make list-datasets` to see the configured names.',
  },
  DOMAIN_UNKNOWN: {
    summary: 'No configured dataset is of that domain',
    retryable: false,
    exitCode: 2,
    nextStep: 'Name a `domain:` that a dataset has in the configuration.',
  },
  USAGE: {
    summary: 'The command was called the wrong way',
    retryable: false,
    exitCode: 2,
    nextStep: 'Run `kaggle-import --help`, or `make help`.',
  },
});
