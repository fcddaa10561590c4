/** Error codes of the notify step; none of them fails an import. */
import { errorTable } from './entry.js';

export const notifyErrors = errorTable({
  WEBHOOK_FAILED: {
    summary: 'A webhook has not taken the message about a failed import',
    // Tried a few times already, each webhook by itself: once more would tell the others again.
    retryable: false,
    exitCode: 1,
    nextStep:
      'Send a test message as docs/operations.md shows, and correct the variable, or the proxy, that is named above.',
  },
});
