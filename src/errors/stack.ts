/** Error codes of the stack step. */
import { errorTable } from './entry.js';

export const stackErrors = errorTable({
  TOOL_NOT_FOUND: {
    summary: 'A program that the embedded stack needs could not be found or installed',
    retryable: false,
    exitCode: 3,
    nextStep: 'Install it as described above, or use a running service by setting its variable.',
  },
  STACK_SERVICE_FAILED: {
    summary: 'A service of the embedded stack did not start',
    retryable: false,
    exitCode: 3,
    nextStep: 'Read its log under .stack/logs/, then run `make down` and `make up`.',
  },
  STACK_UNUSABLE: {
    summary: 'The folder of the embedded stack cannot be used',
    retryable: false,
    exitCode: 3,
    nextStep: 'Run `make down`, delete the `.stack` folder, then run `make up`.',
  },
});
