/** Error codes of the orchestration: Temporal, the worker, and imports as a whole. Loaded by workflows too. */
import { errorTable } from './entry.js';

export const workflowErrors = errorTable({
  TEMPORAL_UNREACHABLE: {
    summary: 'The Temporal service cannot be reached',
    retryable: true,
    exitCode: 3,
    nextStep: 'Check TEMPORAL_ADDRESS and that the service runs; `make up` starts an embedded one.',
  },
  TEMPORAL_FORBIDDEN: {
    summary: 'The Temporal service refuses our credentials',
    retryable: false,
    exitCode: 3,
    nextStep:
      'Check TEMPORAL_API_KEY or the client certificate, and their rights to the namespace.',
  },
  TEMPORAL_NAMESPACE_MISSING: {
    summary: 'The Temporal service has no such namespace',
    retryable: false,
    exitCode: 3,
    nextStep: 'Correct TEMPORAL_NAMESPACE, or create it: `temporal operator namespace create`.',
  },
  SCHEDULE_MISSING: {
    summary: 'There is no nightly schedule to change or trigger',
    retryable: false,
    exitCode: 2,
    nextStep: 'Create it: `make schedule ACTION=create`.',
  },
  VERIFY_FAILED: {
    summary: 'What is stored is not what was published',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Import the datasets named above again, `make import-dataset DATASET=<name>`: what is missing or altered is stored again, from the cache where it has the source. Then find out who else writes to the bucket.',
  },
  IMPORT_RUNS: {
    summary: 'The import still runs; its batch asks again in a moment',
    retryable: true,
    exitCode: 1,
    nextStep: 'Nothing to do: `make status` shows how far it is.',
  },
  WORKER_MISSING: {
    summary: 'No worker takes tasks from the task queue, so nothing would happen',
    retryable: true,
    exitCode: 3,
    nextStep: 'Start one: `make up`, or `node dist/worker.js` with the same variables.',
  },
  WORKER_TAKEN: {
    summary: 'The worker of the embedded stack works on imports with other settings',
    retryable: true,
    exitCode: 3,
    nextStep:
      'Wait until they have ended (`make status`), or run `make up`: it starts the worker again with the settings of this terminal, and the imports that run go on with those.',
  },
  INPUT_INVALID: {
    summary: 'The input of the workflow is not what it takes',
    retryable: false,
    exitCode: 2,
    nextStep: 'Start it again with the keys named above; nothing has been done.',
  },
  WORKFLOW_ID_WRONG: {
    summary:
      'Another workflow id than the one that keeps a dataset from being imported twice at once',
    retryable: false,
    exitCode: 2,
    nextStep:
      'Start it as `--workflow-id import:<dataset> --id-conflict-policy UseExisting`, which joins an import that runs; nothing has been done.',
  },
  WORK_FILES_MISSING: {
    summary: 'The files of this import are no longer on this host',
    retryable: false,
    exitCode: 1,
    nextStep: 'Nothing to do: the import starts over from the download, on this host or another.',
  },
  WORK_UNWRITABLE: {
    summary: 'The work directory cannot be written',
    retryable: false,
    exitCode: 2,
    nextStep: 'Check the owner and permissions of WORK_DIR, or point it elsewhere.',
  },
  TOO_MANY_TABLES: {
    summary: 'The dataset holds more tables than one import can carry',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Choose among them with `files:`, or make several entries of the dataset, each with its own `files: {include: ...}`.',
  },
  HOSTS_LOST: {
    summary: 'The hosts that had the files of this import went away, one after the other',
    retryable: false,
    exitCode: 1,
    nextStep: 'Check the workers and why they stop, then import the dataset again.',
  },
  STEP_TIMED_OUT: {
    summary: 'A step took too long, or its worker kept dying',
    retryable: false,
    exitCode: 1,
    nextStep:
      'See the history in the Temporal Web UI and the log of the worker (often memory), then import the dataset again.',
  },
  SERVICES_UNREACHABLE: {
    summary: 'Services that an import needs cannot be used',
    retryable: true,
    exitCode: 3,
    nextStep: 'Follow the advice beside each one above; `make up` starts embedded services.',
  },
  IMPORTS_FAILED: {
    summary: 'Some imports failed; the others are published',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Read the reason of each failed dataset above or in `make status`, then import it again.',
  },
  WAITED_TOO_LONG: {
    summary: 'The import waited for a person or for the source, and the wait is over',
    retryable: false,
    exitCode: 1,
    nextStep: 'Do what the wait asked for, then import the dataset again.',
  },
  UNEXPECTED: {
    summary: 'Something failed that has no code of its own: a defect of kaggle-import',
    retryable: true,
    exitCode: 1,
    nextStep: 'Run it again with `--debug` and report the stack trace.',
  },
  INTERRUPTED: {
    summary: 'The command was interrupted',
    retryable: false,
    exitCode: 130,
    nextStep: 'Run it again: it goes on from where things stand.',
  },
  CANCELLED: {
    summary: 'The import was cancelled',
    retryable: false,
    exitCode: 130,
    nextStep: 'Nothing half-done is visible; start it again when you want it.',
  },
});
