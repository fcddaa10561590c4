/** Error codes of the workflow step. */
import { errorTable } from './entry.js';

export const workflowErrors = errorTable({});
