/** The workflows of a worker: what the bundle exports is what can be started. */
export { decideDrift } from './decide-drift.js';
export { importAll } from './import-all.js';
export { importDataset } from './import-dataset.js';
export { collectGarbage, verifyPublished } from './upkeep.js';
