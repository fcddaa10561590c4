/** The embedded stack: real servers on loopback for whoever has none, without Docker. */
export { stackEnvironment } from './environment.js';
export { findTool } from './find-tool.js';
export type { FindToolOptions } from './find-tool.js';
export { startStack } from './start.js';
export { readStack } from './state-file.js';
export { stopStack } from './stop.js';
export type { ToolName } from './tool-versions.js';
export * from './types.js';
export { startWorker, stopWorker } from './worker.js';
export type { StartWorkerOptions } from './worker.js';
