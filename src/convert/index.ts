/** The convert step: unpack what was downloaded, and turn every table in it into proven Parquet. */
export { convertArriving, type ArrivingRequest } from './arriving/convert-arriving.js';
export { convertTable, type ConvertRequest } from './convert-table.js';
export type { ConvertProgress } from './progress.js';
export { pathAhead, wantsAhead } from './unpack/ahead.js';
export { unpack, type UnpackRequest, type UnpackResult } from './unpack/index.js';
