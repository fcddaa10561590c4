/** The list of objects below a prefix, page by page: ListObjectsV2 of the S3 API, as XML. */
import { ImportError } from '../../errors/index.js';
import { displayUrl, readText, type HttpClient } from '../http/client.js';
import { tagOf } from '../pinned-state.js';
import type { Call } from '../source.js';
import { objectFailure } from './failures.js';
import type { ListedObject } from './prefix.js';

interface ListAnswer {
  readonly Error?: { readonly Code?: string };
  readonly ListBucketResult?: {
    readonly EncodingType?: string;
    readonly IsTruncated?: string;
    readonly NextContinuationToken?: string;
    readonly Contents?: readonly {
      readonly Key: string;
      readonly Size?: string;
      readonly ETag?: string;
      readonly LastModified?: string;
    }[];
  };
}

/** @param addressOf - signs the address of the bucket with these parameters, where it has to be signed */
export async function listObjects(
  http: HttpClient,
  prefix: string,
  addressOf: (query: Record<string, string>) => Promise<string>,
  { signal }: Call,
): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix };
    const url = await addressOf(token ? { ...query, 'continuation-token': token } : query);
    const response = await http.send({ url, signal });
    const text = await readText(response, signal);
    const place = displayUrl(url);
    const { Error: failure, ListBucketResult: page } = await parse(text);
    if (response.status >= 300 || failure) {
      const error = { statusCode: response.status, code: failure?.Code };
      throw objectFailure(Object.assign(new Error('refused'), error), place, signal);
    }
    if (!page) throw notAList(place, 'something else');
    const { Contents = [], EncodingType, IsTruncated, NextContinuationToken } = page;
    for (const { Key, Size, ETag = '', LastModified } of Contents) {
      const key = EncodingType === 'url' ? decodeURIComponent(Key.replaceAll('+', ' ')) : Key;
      const modified = LastModified && { modifiedAt: new Date(LastModified).toISOString() };
      found.push({ key, bytes: Number(Size), tag: tagOf(ETag), ...modified });
    }
    token = IsTruncated === 'true' ? NextContinuationToken : undefined;
    if (token && seen.has(token)) throw notAList(place, 'a page that leads back to one before');
    if (token) seen.add(token);
  } while (token);
  return found;
}

async function parse(text: string): Promise<ListAnswer> {
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  // The parser itself makes something of anything.
  if (XMLValidator.validate(text) !== true) return {};
  const parser = new XMLParser({
    parseTagValue: false,
    // Quotes around an ETag come as `&#34;`.
    htmlEntities: true,
    isArray: (name) => name === 'Contents',
  });
  return parser.parse(text) as ListAnswer;
}

function notAList(place: string, found: string): ImportError {
  return new ImportError('SOURCE_ANSWER_INVALID', { place, expected: 'a list of objects', found });
}
