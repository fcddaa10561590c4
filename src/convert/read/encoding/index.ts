/** The encoding of a text file: which it is, how sure that is, and a copy in UTF-8. */
export { decideEncoding, type DecidedEncoding } from './decide.js';
export type { Respelled } from './respelled.js';
export { SourceMeter } from './source-meter.js';
export { transcode } from './transcode.js';
export { Utf8Check } from './utf8.js';
