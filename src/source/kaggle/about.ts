/** What GetDataset says of a dataset, as our description. */
import type { SourceDescription } from '../types.js';

/** Defaults are left out of Kaggle's JSON. */
export interface DatasetAnswer {
  readonly ref?: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly description?: string;
  readonly licenseName?: string;
  readonly creatorName?: string;
  readonly usabilityRating?: number;
  readonly lastUpdated?: string;
  readonly totalBytes?: number | string;
  readonly currentVersionNumber?: number;
  readonly tags?: readonly { readonly name?: string; readonly ref?: string }[];
  readonly versions?: readonly {
    readonly versionNumber?: number;
    readonly creationDate?: string;
    readonly status?: string;
  }[];
  readonly url?: string;
}

export function describeDataset(answer: DatasetAnswer, page: string): SourceDescription {
  const { title, subtitle, description, licenseName, creatorName, tags } = answer;
  const { usabilityRating, lastUpdated } = answer;
  const names = (tags ?? []).map(({ name, ref }) => name ?? ref ?? '').filter(Boolean);
  return {
    ...(title && { title }),
    ...(subtitle && { subtitle }),
    ...(description && { description }),
    ...(licenseName && { licence: licenseName }),
    ...(creatorName && { creator: creatorName }),
    ...(names.length > 0 && { tags: names }),
    ...(usabilityRating !== undefined && { usability: usabilityRating }),
    ...(lastUpdated !== undefined && isoTime(lastUpdated)),
    url: page,
  };
}

function isoTime(text: string): { lastUpdated?: string } {
  const time = Date.parse(text);
  return Number.isNaN(time) ? {} : { lastUpdated: new Date(time).toISOString() };
}

/** Kaggle's int64 fields may arrive as text. */
export function byteCount(value: number | string | undefined): number | undefined {
  const bytes = Number(value ?? Number.NaN);
  return Number.isFinite(bytes) ? bytes : undefined;
}
