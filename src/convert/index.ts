/** The convert step: unpack what was downloaded, and turn every table in it into proven Parquet. */
export { convertTable, type ConvertProgress, type ConvertRequest } from './convert-table.js';
export { wantsAhead } from './unpack/ahead.js';
export { unpack, type UnpackRequest, type UnpackResult } from './unpack/index.js';
