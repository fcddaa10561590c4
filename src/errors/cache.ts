/** Error codes of the cache step. */
import { errorTable } from './entry.js';

export const cacheErrors = errorTable({
  CACHE_ENTRY_MISSING: {
    summary: 'The downloaded files are not, or no longer, on this host',
    retryable: false,
    exitCode: 1,
    nextStep: 'Nothing to do: the import starts over from the download.',
  },
  CACHE_UNWRITABLE: {
    summary: 'The cache directory cannot be written',
    retryable: false,
    exitCode: 2,
    nextStep: 'Check the owner and permissions of CACHE_DIR, or point it elsewhere.',
  },
  CACHE_LOCK_LOST: {
    summary: 'Another worker took this download over, because this one showed no sign of life',
    retryable: true,
    exitCode: 1,
    nextStep: 'Nothing to do: the next attempt finds what the other worker has downloaded.',
  },
  DISK_FULL: {
    summary: 'The disk of the worker is full',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Free space (`make clean`), lower `cache_max_size`, or point CACHE_DIR and WORK_DIR elsewhere: the import tries again by itself.',
  },
  HOST_FULL: {
    summary: 'This host has no room for the download; another one may have',
    retryable: true,
    exitCode: 1,
    nextStep: 'Nothing to do: the next host that has time is asked.',
  },
  MEMORY_SHORT: {
    summary: 'The host has no memory for a conversion',
    retryable: false,
    exitCode: 1,
    nextStep:
      'Lower `memory_limit`, end other programs on the host, or give it more memory: the import tries again by itself.',
  },
  DOWNLOAD_INTERRUPTED: {
    summary: 'The connection kept breaking during the download',
    retryable: true,
    exitCode: 3,
    nextStep: 'Import the dataset again: the download goes on where it stopped.',
  },
  DOWNLOAD_STALLED: {
    summary: 'The download stood still or crept',
    retryable: true,
    exitCode: 3,
    nextStep: 'Import the dataset again: the download goes on where it stopped.',
  },
  DOWNLOAD_TOO_LARGE: {
    summary: 'The download is larger than was announced, or than the cache may be',
    retryable: false,
    exitCode: 1,
    nextStep: 'If the source really is that large, raise `cache_max_size`.',
  },
  DOWNLOAD_NOT_DATA: {
    summary: 'The source sent a web page or other content instead of the data',
    retryable: true,
    exitCode: 3,
    nextStep: 'Open the address in a browser: a login page or a notice may stand in its place.',
  },
  DOWNLOAD_EMPTY: {
    summary: 'The source sent an empty file',
    retryable: true,
    exitCode: 1,
    nextStep: 'Look at the source on the web; if it is empty there too, ask its owner.',
  },
  CHECKSUM_MISMATCH: {
    summary: 'The downloaded bytes are not those the source announced',
    retryable: true,
    exitCode: 1,
    nextStep: 'Import the dataset again; if it stays, correct `sha256`, or check proxy and disk.',
  },
});
