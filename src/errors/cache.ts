/** Error codes of the cache step. */
import { errorTable } from './entry.js';

export const cacheErrors = errorTable({});
