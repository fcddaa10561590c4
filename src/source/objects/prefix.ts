/** What S3 and Azure prefixes have in common: a version from ETags, files by their keys below the prefix. */
import { createHash } from 'node:crypto';
import { ImportError } from '../../errors/index.js';
import { wantedFiles } from '../wanted-files.js';
import { requireUnchanged } from '../pinned-state.js';
import type { Call, OpenedFile, OpenRequest, Source, SourceFile } from '../source.js';
import type { FileState, PinnedSource } from '../types.js';

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  /** ETag without its quotes. */
  readonly tag: string;
  /** ISO 8601, UTC. */
  readonly modifiedAt?: string;
}

export interface ObjectPlace {
  /** Bucket or container. */
  readonly bucket: string;
  readonly prefix: string;
}

/** Errors must come translated. */
export interface ObjectLister<Keys> {
  readonly kind: 's3' | 'azure';
  /** `bucket/prefix`, with or without `s3://` or `azure://`. */
  written(keys: Keys): string;
  list(place: ObjectPlace, call: Call): Promise<ListedObject[]>;
  /** Throws SOURCE_CHANGED for an object in another state. */
  open(
    object: { bucket: string; key: string },
    state: FileState | undefined,
    request: OpenRequest,
  ): Promise<OpenedFile>;
}

export function objectPrefix<Keys extends object>(lister: ObjectLister<Keys>): Source<Keys> {
  const { kind } = lister;

  const listBelow = async (keys: Keys, call: Call) => {
    const place = placeOf(kind, lister.written(keys));
    const objects = await lister.list(place, call);
    const files = objects.filter(({ key }) => !key.endsWith('/'));
    if (files.length > 0) return { place, files };
    throw new ImportError('SOURCE_NOT_FOUND', { place: textOf(kind, place), found: 'no object' });
  };

  return {
    async pin({ keys }, call): Promise<PinnedSource> {
      const { place, files } = await listBelow(keys, call);
      const reference = textOf(kind, place);
      const newest = files
        .map(({ modifiedAt = '' }) => modifiedAt)
        .sort()
        .at(-1);
      return {
        kind,
        reference,
        version: versionOf(files),
        totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        description: { title: reference, ...(newest && { lastUpdated: newest }) },
      };
    },

    async listFiles(request, pin, call) {
      const { place, files } = await listBelow(request.keys, call);
      requireUnchanged(pin, versionOf(files));
      return wantedFiles(
        request,
        files.map((object): SourceFile => {
          const { key, bytes } = object;
          const locator = `${place.bucket}/${key}`;
          const state = stateOf(object);
          return { path: pathBelow(place.prefix, key), bytes, state, locator };
        }),
      );
    },

    /** An object is replaced as a whole: one answer, or several under one ETag, are of one state. */
    open(_pin, { locator = '', state }, request) {
      const slash = locator.indexOf('/');
      const object = { bucket: locator.slice(0, slash), key: locator.slice(slash + 1) };
      return lister.open(object, state, request);
    },
  };
}

/** A store that lists no ETag says at least when an object was written. */
function stateOf({ bytes, tag, modifiedAt }: ListedObject): FileState {
  if (tag !== '') return { bytes, tag };
  if (modifiedAt === undefined) return { bytes };
  return { bytes, modified: new Date(modifiedAt).toUTCString() };
}

function versionOf(files: readonly ListedObject[]): string {
  const lines = files.map(({ key, tag, bytes, modifiedAt }) =>
    JSON.stringify([key, tag === '' ? (modifiedAt ?? '') : tag, bytes]),
  );
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
}

function textOf(kind: string, { bucket, prefix }: ObjectPlace): string {
  return `${kind === 's3' ? 's3' : 'azure'}://${bucket}/${prefix}`;
}

function placeOf(kind: 's3' | 'azure', written: string): ObjectPlace {
  const text = written.replace(/^(s3|azure|az):\/\//i, '');
  const [, bucket, prefix = ''] = /^([^/]+)(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket) return { bucket, prefix };
  throw new ImportError('SOURCE_REFERENCE_INVALID', {
    place: `source: ${kind}`,
    expected: 'bucket/prefix',
    found: `"${text}"`,
  });
}

/** `a/b` below `a/` is `b`; a prefix that is a whole key keeps its last segment. */
function pathBelow(prefix: string, key: string): string {
  return key.slice(prefix.lastIndexOf('/') + 1);
}
