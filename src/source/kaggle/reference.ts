/** Reads references to Kaggle datasets and competitions, in every form people paste. */
import { ImportError } from '../../errors/index.js';

export interface DatasetReference {
  readonly owner: string;
  readonly slug: string;
  /** Only when the reference names one. */
  readonly version?: number;
}

const SEGMENT = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const HOST = /^(?:https?:\/\/)?(?:www\.)?kaggle\.com\//i;

/**
 * `owner/slug`, `owner/slug/versions/3`, or a pasted kaggle.com address of a dataset (with or without
 * `/data`, `/versions/3`, a query). Throws SOURCE_REFERENCE_INVALID.
 */
export function parseDatasetReference(text: string): DatasetReference {
  const path = pathOf(text).replace(/^datasets\//, '');
  const [owner = '', slug = '', word, number, ...rest] = path.split('/');
  const isPage = HOST.test(text);
  const version = word === 'versions' ? Number(number) : undefined;
  const good =
    SEGMENT.test(owner) &&
    SEGMENT.test(slug) &&
    (word === undefined || isPage || word === 'versions') &&
    (version === undefined || (Number.isInteger(version) && version > 0)) &&
    (rest.length === 0 || isPage) &&
    !(isPage && /^(competitions|code|models|c|discussions?)$/.test(owner));
  if (good) return { owner, slug, ...(version !== undefined && { version }) };
  throw new ImportError('SOURCE_REFERENCE_INVALID', {
    place: 'kaggle_ref',
    expected: 'owner/slug, owner/slug/versions/3 or the address of a dataset page',
    found: `"${text}"`,
  });
}

/** A slug such as `titanic`, or the pasted address of the competition. */
export function parseCompetitionReference(text: string): string {
  const path = pathOf(text).replace(/^(competitions|c)\//, '');
  const [slug = '', ...rest] = path.split('/');
  if (SEGMENT.test(slug) && (rest.length === 0 || HOST.test(text))) return slug;
  throw new ImportError('SOURCE_REFERENCE_INVALID', {
    place: 'competition',
    expected: 'a name such as titanic, or the address of its page',
    found: `"${text}"`,
  });
}

function pathOf(text: string): string {
  return text
    .trim()
    .replace(HOST, '')
    .replace(/[?#].*$/, '')
    .replace(/^\/+|\/+$/g, '');
}
