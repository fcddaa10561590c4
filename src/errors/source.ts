/** Error codes of the source step. */
import { errorTable } from './entry.js';

export const sourceErrors = errorTable({});
