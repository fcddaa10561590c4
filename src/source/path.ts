/** Local files and folders: `source: {path: ...}`, on the host of the worker. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { DatasetEntry } from '../config/datasets.js';
import { ImportError } from '../errors/index.js';
import { wantedFiles } from './file-patterns.js';
import { requireUnchanged } from './pinned-state.js';
import { ReceivedBody } from './received-body.js';
import type { NamedSource, Source, SourceFile } from './source.js';

interface LocalFile extends SourceFile {
  readonly bytes: number;
  readonly locator: string;
  readonly modifiedMs: number;
}

export const path = {
  kind: 'path' as const,
  keys: z.strictObject({
    // A worker in the background has another working directory than the person who writes this.
    path: z.string().refine((text) => isAbsolute(text), {
      error: ({ input }) => `expected an absolute path, found "${String(input)}"`,
    }),
  }),
  create: localPaths,
} satisfies NamedSource;

function localPaths(): Source {
  return {
    /** The version is a digest over names, sizes and modification times. */
    async pin(entry) {
      const root = resolve(pathOf(entry));
      const files = await listLocal(root);
      const newest = files.reduce((latest, { modifiedMs }) => Math.max(latest, modifiedMs), 0);
      return {
        kind: 'path',
        reference: root,
        version: versionOf(files),
        totalBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        description: {
          title: basename(root),
          lastUpdated: new Date(newest).toISOString(),
          url: pathToFileURL(root).href,
        },
      };
    },

    async listFiles(entry, pin) {
      const files = await listLocal(pin.reference);
      requireUnchanged(pin, versionOf(files));
      return wantedFiles(entry, files);
    },

    async open(_pin, { locator = '', path }, { resume }) {
      const { size, mtimeMs } = await stat(locator).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      const validator = `${size}-${mtimeMs}`;
      const offset = resume?.validator === validator ? resume.offset : 0;
      // Not beyond the size announced: the file may be growing.
      const body =
        size === offset
          ? Readable.from([])
          : createReadStream(locator, { start: offset, end: size - 1, highWaterMark: 1 << 20 });
      return { offset, totalBytes: size, validator, body: new ReceivedBody(body) };
    },
  };
}

function versionOf(files: readonly LocalFile[]): string {
  const lines = files.map(({ path, bytes, modifiedMs }) =>
    JSON.stringify([path, bytes, modifiedMs]),
  );
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}

function pathOf({ source }: DatasetEntry): string {
  return source && 'path' in source ? source.path : '';
}

/** In the order of their names; what starts with a dot is left out. */
async function listLocal(root: string): Promise<LocalFile[]> {
  try {
    if ((await stat(root)).isFile()) return [await describe(root, basename(root))];
    const names = await readdir(root, { recursive: true });
    const visible = names.filter((name) => !name.split(sep).some((part) => part.startsWith('.')));
    const found = [];
    for (const name of visible.sort()) {
      const absolute = join(root, name);
      if (!(await stat(absolute)).isFile()) continue;
      found.push(await describe(absolute, relative(root, absolute).split(sep).join('/')));
    }
    return found;
  } catch (error) {
    throw unreadable(root, error);
  }
}

async function describe(absolute: string, path: string): Promise<LocalFile> {
  const { size, mtimeMs } = await stat(absolute);
  return { path, bytes: size, locator: absolute, modifiedMs: Math.floor(mtimeMs) };
}

const FOUND: Readonly<Record<string, string>> = {
  ENOENT: 'nothing there',
  EACCES: 'no permission',
};

function unreadable(place: string, error: unknown): ImportError {
  const { code } = error as NodeJS.ErrnoException;
  return new ImportError('SOURCE_PATH_UNREADABLE', {
    place,
    found: FOUND[code ?? ''] ?? code ?? 'failure',
    cause: error,
  });
}
