/** Goes through Kaggle's lists, page by page, and never round in circles. */
import { ImportError } from '../../errors/index.js';
import { firstCharacters } from '../../first-characters.js';

/** The largest that the official clients may ask for (kaggle 2.2, `--page-size`). */
export const PAGE_SIZE = 200;

export interface Page {
  readonly nextPageToken?: string;
  /** Set instead of the items when the list could not be made. */
  readonly errorMessage?: string;
}

/**
 * Every page, one request each.
 * @param ask - given the token of the page, or nothing for the first
 * @throws SOURCE_ANSWER_INVALID for an error within an answer and for a list that comes back to where it was
 */
export async function* pages<Answer extends Page>(
  place: string,
  ask: (paging: { pageSize: number; pageToken?: string }) => Promise<Answer>,
): AsyncGenerator<Answer> {
  const seen = new Set<string>();
  let pageToken: string | undefined;
  do {
    const page = await ask({ pageSize: PAGE_SIZE, ...(pageToken && { pageToken }) });
    if (page.errorMessage) {
      const found = firstCharacters(page.errorMessage, 300);
      throw new ImportError('SOURCE_ANSWER_INVALID', { place, expected: 'a list of files', found });
    }
    yield page;
    pageToken = page.nextPageToken;
    if (pageToken && seen.has(pageToken)) {
      const found = 'a page that leads back to one before';
      throw new ImportError('SOURCE_ANSWER_INVALID', {
        place,
        expected: 'a list that ends',
        found,
      });
    }
    if (pageToken) seen.add(pageToken);
  } while (pageToken);
}
