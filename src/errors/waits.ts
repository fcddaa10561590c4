/** Failures that time or a person can mend: the import waits for them, visibly, instead of failing. */

/** No imports here: workflows load this file, and they may load nothing that does I/O. */
export const WAITING_CODES: readonly string[] = [
  'RULES_NOT_ACCEPTED',
  'DATASET_NOT_READY',
  'DISK_FULL',
  'MEMORY_SHORT',
];

/** The files of this import are not on this host: the import starts over from the download. */
export const HOST_LOST_CODES: readonly string[] = ['CACHE_ENTRY_MISSING', 'WORK_FILES_MISSING'];

/** The source is at another version than the one that was pinned: the import pins anew. */
export const SOURCE_CHANGED_CODE = 'SOURCE_CHANGED';

/** The fault of one table or file: with `on_table_failure: publish_others` the rest is published. */
export const TABLE_FAILURE_CODES: readonly string[] = [
  ...['ARCHIVE_DAMAGED', 'ARCHIVE_ENCRYPTED', 'ARCHIVE_UNSUPPORTED'],
  ...['FORMAT_UNREADABLE', 'ENCODING_UNDECODABLE', 'RECORD_TOO_LONG', 'TOO_MANY_COLUMNS'],
  ...['LEDGER_MISMATCH', 'TOO_MANY_REJECTS', 'PINNED_TYPE_MISMATCH', 'CHECK_FAILED'],
  ...['CONVERSION_FAILED', 'CONVERSION_CRASHED'],
];

/** What needs these credentials fails; the rest of a batch goes on. */
export const CREDENTIAL_CODES: readonly string[] = [
  'CREDENTIALS_MISSING',
  'CREDENTIALS_REJECTED',
  'CREDENTIALS_UNREADABLE',
];

/** The source is away for everybody: a batch waits for it instead of failing one import after the other. */
export const OUTAGE_CODES: readonly string[] = [
  'SOURCE_UNREACHABLE',
  'SOURCE_SERVER_ERROR',
  'RATE_LIMITED',
];

/** The place of the results is away, for every import: one of a batch waits for it, too. */
export const SERVICE_OUTAGE_CODES: readonly string[] = [
  'STORE_UNREACHABLE',
  'DATABASE_UNREACHABLE',
  'DATABASE_BUSY',
];
