/** Finds Kaggle datasets by words, a page at a time. */
import type { Call } from '../source.js';
import { byteCount, type DatasetAnswer } from './about.js';
import { DATASETS, type KaggleApi } from './api.js';

export interface FoundDataset {
  /** `owner/slug`: what goes into `kaggle_ref`. */
  readonly reference: string;
  readonly title: string;
  readonly totalBytes?: number;
  readonly licence?: string;
  /** 0 to 1. */
  readonly usability?: number;
  /** As Kaggle says it. */
  readonly lastUpdated?: string;
  readonly url: string;
}

export interface SearchPage {
  readonly datasets: readonly FoundDataset[];
  /** Give it as `page` for the next ones. Kaggle lists 10,000 at most. */
  readonly nextPage?: string;
}

export async function searchKaggle(
  api: KaggleApi,
  words: string,
  { page, signal }: Call & { page?: string | undefined },
): Promise<SearchPage> {
  const answer = await api.call<{ datasets?: DatasetAnswer[]; nextPageToken?: string }>(
    `${DATASETS}/ListDatasets`,
    { search: words, ...(page && { pageToken: page }) },
    { signal, place: `search for "${words}"` },
  );
  const datasets = (answer.datasets ?? []).map((found): FoundDataset => {
    const { ref = '', title = '', licenseName, usabilityRating, lastUpdated } = found;
    const totalBytes = byteCount(found.totalBytes);
    return {
      reference: ref,
      title,
      ...(totalBytes !== undefined && { totalBytes }),
      ...(licenseName && { licence: licenseName }),
      ...(usabilityRating !== undefined && { usability: usabilityRating }),
      ...(lastUpdated && { lastUpdated }),
      url: `https://www.kaggle.com/datasets/${ref}`,
    };
  });
  return { datasets, ...(answer.nextPageToken && { nextPage: answer.nextPageToken }) };
}
