/** What S3 and Azure prefixes have in common: a version from ETags, files by their keys below the prefix. */
import { createHash } from 'node:crypto';
import type { DatasetEntry } from '../../config/datasets.js';
import { ImportError } from '../../errors/index.js';
import { wantedFiles } from '../file-patterns.js';
import { requireUnchanged } from '../pinned-state.js';
import type { Call, OpenedFile, OpenRequest, Source, SourceFile } from '../source.js';
import type { PinnedSource } from '../types.js';

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  /** ISO 8601, UTC. */
  readonly modifiedAt?: string;
}

export interface ObjectPlace {
  /** Bucket or container. */
  readonly bucket: string;
  readonly prefix: string;
}

/** Errors must come translated. */
export interface ObjectLister {
  readonly kind: 's3' | 'azure';
  list(place: ObjectPlace, call: Call): Promise<ListedObject[]>;
  open(object: { bucket: string; key: string }, request: OpenRequest): Promise<OpenedFile>;
}

export function objectPrefix(lister: ObjectLister): Source {
  const { kind } = lister;

  const listBelow = async (entry: DatasetEntry, call: Call) => {
    const place = placeOf(kind, entry);
    const objects = await lister.list(place, call);
    const files = objects.filter(({ key }) => !key.endsWith('/'));
    if (files.length > 0) return { place, files };
    throw new ImportError('SOURCE_NOT_FOUND', { place: textOf(kind, place), found: 'no object' });
  };

  return {
    async pin(entry, call): Promise<PinnedSource> {
      const { place, files } = await listBelow(entry, call);
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

    async listFiles(entry, pin, call) {
      const { place, files } = await listBelow(entry, call);
      requireUnchanged(pin, versionOf(files));
      return wantedFiles(
        entry,
        files.map(({ key, bytes }): SourceFile => {
          return { path: pathBelow(place.prefix, key), bytes, locator: `${place.bucket}/${key}` };
        }),
      );
    },

    open(_pin, { locator = '' }, request) {
      const slash = locator.indexOf('/');
      const object = { bucket: locator.slice(0, slash), key: locator.slice(slash + 1) };
      return lister.open(object, request);
    },
  };
}

function versionOf(files: readonly ListedObject[]): string {
  const lines = files.map(({ key, etag, bytes }) => JSON.stringify([key, etag, bytes]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
}

function textOf(kind: string, { bucket, prefix }: ObjectPlace): string {
  return `${kind === 's3' ? 's3' : 'azure'}://${bucket}/${prefix}`;
}

/** `bucket/prefix`, with or without `s3://` or `azure://`. */
function placeOf(kind: 's3' | 'azure', { source }: DatasetEntry): ObjectPlace {
  const values = (source ?? {}) as { s3?: string; azure?: string };
  const text = (values[kind] ?? '').replace(/^(s3|azure|az):\/\//i, '');
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
