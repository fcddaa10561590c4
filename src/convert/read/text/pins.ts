/** What a person knows of the text files of a dataset. */
import type { DatasetEntry } from '../../../config/datasets.js';

export type TextPins = Omit<NonNullable<DatasetEntry['csv']>, 'null_tokens' | 'decimal'>;
