/** Pages of a list, with opaque tokens like Kaggle's. */
import { ApiError } from './answers.js';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 200;

export interface PageRequest {
  readonly pageToken?: string;
  readonly pageSize?: number;
  /** The older way to ask, counted from 1. */
  readonly page?: number;
}

/** @throws ApiError 400 when the token was not made by this server. */
export function pageOf<T>(
  items: readonly T[],
  { pageToken, pageSize, page }: PageRequest,
): { items: T[]; nextPageToken?: string } {
  const size = Math.min(Math.max(pageSize ?? DEFAULT_PAGE_SIZE, 1), MAX_PAGE_SIZE);
  const start = pageToken ? offsetOf(pageToken) : ((page ?? 1) - 1) * size;
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length && {
      nextPageToken: Buffer.from(`offset:${end}`).toString('base64url'),
    }),
  };
}

function offsetOf(token: string): number {
  const found = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (!found) throw new ApiError(400, 'Invalid page token');
  return Number(found[1]);
}
