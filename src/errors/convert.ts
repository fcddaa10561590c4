/** Error codes of the convert step. */
import { errorTable } from './entry.js';

export const convertErrors = errorTable({});
