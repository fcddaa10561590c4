/** Error codes of the store step. */
import { errorTable } from './entry.js';

export const storeErrors = errorTable({});
