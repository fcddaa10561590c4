/** Which kind of source a dataset entry names. */
import type { DatasetEntry } from '../config/datasets.js';
import { NAMED_SOURCE_KINDS } from '../config/sources.js';
import type { SourceKind } from './types.js';

export function kindOf({ competition, source }: DatasetEntry): SourceKind {
  if (competition !== undefined) return 'competition';
  return NAMED_SOURCE_KINDS.find((kind) => source !== undefined && kind in source) ?? 'kaggle';
}
