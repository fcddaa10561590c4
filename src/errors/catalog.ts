/** Error codes of the catalog step. */
import { errorTable } from './entry.js';

export const catalogErrors = errorTable({});
