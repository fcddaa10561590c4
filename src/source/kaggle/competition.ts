/** Kaggle competitions: `competition: titanic`. They have no version numbers; their file list stands in. */
import { createHash } from 'node:crypto';
import { wantedFiles, wantsSome } from '../wanted-files.js';
import { requireUnchanged } from '../pinned-state.js';
import type { Call, Source, SourceFile } from '../source.js';
import { byteCount } from './about.js';
import { COMPETITIONS, type KaggleApi } from './api.js';
import { checkKaggleAuth } from './check-auth.js';
import { pages, type Page } from './pages.js';
import { parseCompetitionReference } from './reference.js';

interface FilesAnswer extends Page {
  readonly files?: readonly {
    readonly name?: string;
    readonly totalBytes?: number | string;
    readonly creationDate?: string;
  }[];
}

interface CompetitionFile extends SourceFile {
  readonly createdAt: string;
}

export function kaggleCompetitions(api: KaggleApi): Source<{ competition?: string }> {
  async function listAll(slug: string, call: Call): Promise<CompetitionFile[]> {
    const files: CompetitionFile[] = [];
    const context = { ...call, place: slug, page: rulesPage(slug) };
    const ask = (paging: object): Promise<FilesAnswer> =>
      api.call(`${COMPETITIONS}/ListDataFiles`, { competitionName: slug, ...paging }, context);
    for await (const answer of pages(slug, ask)) {
      for (const { name, totalBytes, creationDate = '' } of answer.files ?? []) {
        const bytes = byteCount(totalBytes);
        const size = bytes !== undefined && { bytes };
        if (name) files.push({ path: name, createdAt: creationDate, ...size });
      }
    }
    return files;
  }

  return {
    checkAuth: (call) => checkKaggleAuth(api, call),

    /** One request; throws RULES_NOT_ACCEPTED with the page to open. */
    async pin({ keys: { competition = '' } }, call) {
      const slug = parseCompetitionReference(competition);
      const files = await listAll(slug, call);
      const newest = files.map(({ createdAt }) => Date.parse(createdAt)).filter(Number.isFinite);
      return {
        kind: 'competition',
        reference: slug,
        version: digestOf(files),
        totalBytes: files.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
        description: {
          title: slug,
          url: `https://www.kaggle.com/competitions/${slug}`,
          ...(newest.length > 0 && { lastUpdated: new Date(Math.max(...newest)).toISOString() }),
        },
      };
    },

    async listFiles(request, pin, call) {
      const files = await listAll(pin.reference, call);
      requireUnchanged(pin, digestOf(files));
      if (!wantsSome(request)) return [{ path: 'archive.zip', archive: true }];
      return wantedFiles(request, files);
    },

    /** A download names no version: what came is of the pinned one if the list is the same before and after. */
    async confirm(_request, pin, _files, call) {
      requireUnchanged(pin, digestOf(await listAll(pin.reference, call)));
    },

    open({ reference }, file, request) {
      const competitionName = reference;
      const common = { place: reference, page: rulesPage(reference) };
      return api.open(
        file.archive
          ? { ...common, method: `${COMPETITIONS}/DownloadDataFiles`, body: { competitionName } }
          : {
              ...common,
              method: `${COMPETITIONS}/DownloadDataFile`,
              body: { competitionName, fileName: file.path },
            },
        request,
      );
    },
  };
}

function rulesPage(slug: string): string {
  return `https://www.kaggle.com/competitions/${slug}/rules`;
}

function digestOf(files: readonly CompetitionFile[]): string {
  const lines = files.map(({ path, bytes, createdAt }) => JSON.stringify([path, bytes, createdAt]));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex').slice(0, 12);
}
