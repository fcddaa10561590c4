/** Error codes of the stack step. */
import { errorTable } from './entry.js';

export const stackErrors = errorTable({});
