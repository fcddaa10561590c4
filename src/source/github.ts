/** GitHub: `source: {github: owner/repo}`, files of a commit (`ref:`) or assets of a release (`release:`). */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ImportError } from '../errors/index.js';
import { wantedFiles } from './wanted-files.js';
import {
  displayUrl,
  readText,
  requireOk,
  type HttpClient,
  type HttpResponse,
} from './http/client.js';
import { statusFailure } from './http/failures.js';
import { openHttpFile } from './http/open-body.js';
import type { SourceOptions } from './options.js';
import { requireUnchanged } from './pinned-state.js';
import type { Call, NamedSource, Source, SourceFile } from './source.js';
import type { PinnedSource } from './types.js';

/** Without `files:`, only what can be a table is fetched: a repository is mostly something else. */
const TABULAR =
  /\.(csv|tsv|txt|json|jsonl|ndjson|parquet|xls[xmb]?|ods|sqlite3?|db3?|zip|gz|tgz|tar|zst)$/i;

interface Release {
  readonly tag_name: string;
  readonly name?: string;
  readonly html_url: string;
  readonly published_at?: string;
  readonly assets: readonly {
    readonly id: number;
    readonly name: string;
    readonly size: number;
    readonly updated_at: string;
    /** `sha256:<hex>`, of newer assets. */
    readonly digest?: string | null;
  }[];
}

const keys = z.strictObject({
  github: z.string(),
  ref: z.string().optional(),
  release: z.string().optional(),
});
type Keys = z.infer<typeof keys>;

export const github = {
  kind: 'github' as const,
  keys,
  create: ({ http, options }) => repositories(http, options.github),
} satisfies NamedSource;

function repositories(client: HttpClient, options: SourceOptions['github']): Source<Keys> {
  const http: HttpClient = {
    ...client,
    send: async (request) => {
      const response = await client.send(request);
      refuseExhausted(response);
      return response;
    },
  };
  const base = options.apiBase.replace(/\/+$/, '');
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
  };

  async function get<T>(path: string, { signal }: Call): Promise<T> {
    const response = await http.send({ url: `${base}${path}`, headers, signal });
    await requireOk(response, signal);
    try {
      return JSON.parse(await readText(response, signal)) as T;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const place = displayUrl(response.url);
      throw new ImportError('SOURCE_ANSWER_INVALID', { place, expected: 'JSON' });
    }
  }

  async function pinRelease(repo: string, name: string, call: Call): Promise<PinnedSource> {
    const release = await findRelease(repo, name, call);
    return {
      kind: 'github',
      reference: repo,
      version: versionOf(release),
      totalBytes: release.assets.reduce((sum, { size }) => sum + size, 0),
      description: {
        title: release.name ?? repo,
        url: release.html_url,
        ...(release.published_at && { lastUpdated: release.published_at }),
      },
    };
  }

  function findRelease(repo: string, name: string, call: Call): Promise<Release> {
    const path = name === 'latest' ? 'latest' : `tags/${encodeURIComponent(name)}`;
    return get<Release>(`/repos/${repo}/releases/${path}`, call);
  }

  /** By the tag that was pinned: `latest` may be another one by now. */
  async function pinnedRelease(pin: PinnedSource, call: Call): Promise<Release> {
    const tag = pin.version.replace(/-[0-9a-f]{8}$/, '');
    const found = await findRelease(pin.reference, tag, call);
    requireUnchanged(pin, versionOf(found));
    return found;
  }

  return {
    /** One request: the commit that the ref names now, or the release. */
    async pin({ keys }, call) {
      const { repo, ref, release } = place(keys);
      if (release !== undefined) return pinRelease(repo, release, call);
      const path = `/repos/${repo}/commits/${encodeURIComponent(ref)}`;
      const { sha, html_url, commit } = await get<{
        sha: string;
        html_url: string;
        commit?: { committer?: { date?: string } };
      }>(path, call);
      const lastUpdated = commit?.committer?.date;
      return {
        kind: 'github',
        reference: repo,
        version: sha,
        description: { title: repo, url: html_url, ...(lastUpdated && { lastUpdated }) },
      };
    },

    async listFiles(request, pin, call) {
      const { reference, version } = pin;
      const { release } = place(request.keys);
      if (release !== undefined) {
        const found = await pinnedRelease(pin, call);
        return wantedFiles(
          request,
          found.assets.map((asset): SourceFile => {
            const sha256 = /^sha256:([0-9a-f]{64})$/.exec(asset.digest ?? '')?.[1];
            const locator = `/repos/${reference}/releases/assets/${asset.id}`;
            const { name: path, size: bytes } = asset;
            return { path, bytes, state: { bytes }, locator, ...(sha256 && { sha256 }) };
          }),
        );
      }
      const { tree, truncated } = await get<{
        truncated?: boolean;
        tree: { path: string; type: string; sha: string; size?: number }[];
      }>(`/repos/${reference}/git/trees/${version}?recursive=1`, call);
      if (truncated === true) {
        throw new ImportError('SOURCE_REFUSED', {
          place: reference,
          expected: 'a repository whose file list fits into one answer',
          found: 'a truncated list',
          nextStep: 'Name the files by `url:` instead, or take them from a release.',
        });
      }
      const blobs = tree
        .filter(
          ({ type, path }) => type === 'blob' && (request.files?.include || TABULAR.test(path)),
        )
        .map(({ path, sha, size }): SourceFile => {
          const locator = `/repos/${reference}/git/blobs/${sha}`;
          return { path, gitSha1: sha, locator, ...(size !== undefined && { bytes: size }) };
        });
      return wantedFiles(request, blobs);
    },

    open(_pin, { locator = '', state }, { resume, signal }) {
      const accept = locator.includes('/assets/')
        ? 'application/octet-stream'
        : 'application/vnd.github.raw+json';
      const request = { url: `${base}${locator}`, headers: { ...headers, accept }, signal };
      return openHttpFile(http, request, { resume, state });
    },

    /** Blobs are named by their content, and newer assets have a digest: only older ones may have been replaced. */
    async confirm({ keys: { release } }, pin, files, call) {
      if (release === undefined || files.every(({ sha256 }) => sha256 !== undefined)) return;
      await pinnedRelease(pin, call);
    },
  };
}

function place({ github: repo, ref, release }: Keys): {
  repo: string;
  ref: string;
  release?: string;
} {
  const path = repo.replace(/^https?:\/\/github\.com\//i, '').replace(/(\.git)?\/*$/, '');
  if (/^[\w.-]+\/[\w.-]+$/.test(path)) {
    return { repo: path, ref: ref ?? 'HEAD', ...(release !== undefined && { release }) };
  }
  throw new ImportError('SOURCE_REFERENCE_INVALID', {
    place: 'source: github',
    expected: 'owner/repo',
    found: `"${repo}"`,
  });
}

/** GitHub says 403, not only 429, when the hourly budget is used up; the reset is in seconds since 1970. */
function refuseExhausted(response: HttpResponse): void {
  const { status, header, url } = response;
  const isSecondary = header('retry-after') !== undefined;
  if (status !== 403 || !(header('x-ratelimit-remaining') === '0' || isSecondary)) return;
  const resetSeconds = Number(header('x-ratelimit-reset') ?? Number.NaN) - Date.now() / 1000;
  const wait = Number.isFinite(resetSeconds) ? String(Math.max(0, resetSeconds)) : undefined;
  const retryAfter = header('retry-after') ?? wait;
  response.body.on('error', () => undefined).destroy();
  throw statusFailure(429, { place: displayUrl(url), said: 'rate limit exceeded', retryAfter });
}

/** The tag, and of its assets a digest: they can be replaced. */
function versionOf({ tag_name, assets }: Release): string {
  const lines = assets.map(({ id, size, updated_at }) => `${id} ${size} ${updated_at}`);
  const digest = createHash('sha256').update(lines.join('\n')).digest('hex');
  return `${tag_name}-${digest.slice(0, 8)}`;
}
