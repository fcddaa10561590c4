/** Reading what is published: by name, in any version, with checksums. */
export { exportTable } from './export-table.js';
export { diffVersions, type ColumnDiff, type TableDiff } from './diff.js';
export {
  chooseTable,
  chooseVersion,
  findTable,
  findVersion,
  findVersions,
  versionFolder,
  versionName,
  type FoundVersion,
} from './find.js';
export { fetchHead, fetchPart, fetchParts } from './fetch-parts.js';
export type { ExportFormat } from './formats.js';
export { parseHandle, type Handle } from './handle.js';
export { verifyVersion, type Problem, type Verification } from './verify.js';
export { withPublished, type Published } from './open.js';
export { respelled } from './source-text.js';
export { createView, selectFrom } from './relations.js';
export { tablesOfQuery, type NamedTable } from './tables-of-query.js';
