/** What a process of the pool says last, on stderr, when it ends itself for want of memory. */
export const OVER_LIMIT = 'kaggle-import: more memory than allowed';
