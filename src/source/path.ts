/** Local files and folders: `source: {path: ...}`, on the host of the worker. */
import { createHash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { ImportError } from '../errors/index.js';
import { wantedFiles } from './wanted-files.js';
import { requireState, requireUnchanged } from './pinned-state.js';
import { ReceivedBody } from './received-body.js';
import type { NamedSource, OpenedFile, Source, SourceFile } from './source.js';
import type { FileState } from './types.js';

interface LocalFile extends SourceFile {
  readonly bytes: number;
  readonly locator: string;
  readonly modifiedMs: number;
}

const keys = z.strictObject({
  // A worker in the background has another working directory than the person who writes this.
  path: z.string().refine((text) => isAbsolute(text), {
    error: ({ input }) => `expected an absolute path, found "${String(input)}"`,
  }),
});

export const path = { kind: 'path' as const, keys, create: localPaths } satisfies NamedSource;

function localPaths(): Source<z.infer<typeof keys>> {
  return {
    /** The version is a digest over names, sizes and modification times. */
    async pin(request) {
      const root = resolve(request.keys.path);
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

    async listFiles(request, pin) {
      const files = await listLocal(pin.reference);
      requireUnchanged(pin, versionOf(files));
      return wantedFiles(request, files);
    },

    async open(_pin, { locator = '', path, state }, { resume }) {
      const handle = await open(locator).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      try {
        return await openedFrom(handle, path, state, resume);
      } catch (error) {
        await handle.close();
        throw error;
      }
    },

    /** Whoever writes to a file while it is read leaves another time on it. */
    async confirm(_request, _pin, files) {
      for (const { locator = '', path, state } of files) {
        requireState(path, state, await stateAt(locator));
      }
    },
  };
}

async function openedFrom(
  handle: FileHandle,
  path: string,
  pinned: FileState | undefined,
  resume: { offset: number; validator: string } | undefined,
): Promise<OpenedFile> {
  const state = stateOf(await handle.stat({ bigint: true }));
  requireState(path, pinned, state);
  const { tag: validator = '', bytes: totalBytes = 0 } = state;
  const offset = resume?.validator === validator ? resume.offset : 0;
  // Not beyond the size announced: the file may be growing.
  const [start, end, highWaterMark] = [offset, totalBytes - 1, 1 << 20];
  if (totalBytes === offset) await handle.close();
  const body =
    totalBytes === offset
      ? Readable.from([])
      : handle.createReadStream({ start, end, highWaterMark });
  return { offset, totalBytes, validator, body: new ReceivedBody(body) };
}

/** The time of the last change of any kind cannot be set back, and another file has another number. */
function stateOf(facts: { size: bigint; mtimeNs: bigint; ctimeNs: bigint; ino: bigint }) {
  const { size, mtimeNs, ctimeNs, ino } = facts;
  return { tag: [size, mtimeNs, ctimeNs, ino].join('-'), bytes: Number(size) } satisfies FileState;
}

async function stateAt(absolute: string): Promise<FileState> {
  const facts = await stat(absolute, { bigint: true }).catch(() => undefined);
  return facts ? stateOf(facts) : {};
}

function versionOf(files: readonly LocalFile[]): string {
  const lines = files.map(({ path, bytes, modifiedMs }) =>
    JSON.stringify([path, bytes, modifiedMs]),
  );
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
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
  const facts = await stat(absolute, { bigint: true });
  const modifiedMs = Number(facts.mtimeNs / 1_000_000n);
  const state = stateOf(facts);
  return { path, bytes: state.bytes, locator: absolute, modifiedMs, state };
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
