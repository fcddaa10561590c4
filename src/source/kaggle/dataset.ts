/** Kaggle datasets: `kaggle_ref: owner/slug`. */
import { ImportError } from '../../errors/index.js';
import { wantedFiles, wantsSome } from '../wanted-files.js';
import type { Call, Source, SourceFile } from '../source.js';
import type { PinnedSource } from '../types.js';
import { byteCount, describeDataset, type DatasetAnswer } from './about.js';
import { DATASETS, type KaggleApi } from './api.js';
import { checkKaggleAuth } from './check-auth.js';
import { documentationOf } from './documentation.js';
import { pages, type Page } from './pages.js';
import { parseDatasetReference } from './reference.js';

/** Above this many wanted files, one archive is politer than one request each. */
const MAX_SINGLE_FILES = 500;
const ARCHIVE: SourceFile = { path: 'archive.zip', archive: true };

interface FilesAnswer extends Page {
  readonly datasetFiles?: readonly {
    readonly name?: string;
    readonly totalBytes?: number | string;
  }[];
}

export function kaggleDatasets(api: KaggleApi): Source<{ kaggle_ref?: string }> {
  async function requireReady(reference: string, call: Call): Promise<void> {
    const [ownerSlug, datasetSlug] = reference.split('/');
    const body = { ownerSlug, datasetSlug };
    const place = reference;
    const method = `${DATASETS}/GetDatasetStatus`;
    const { status } = await api.call<{ status?: string }>(method, body, { ...call, place });
    if (status === undefined || status.toUpperCase() === 'READY') return;
    throw notReady(reference, status);
  }

  async function listAll(pin: PinnedSource, call: Call): Promise<SourceFile[]> {
    const files: SourceFile[] = [];
    const context = { ...call, place: pin.reference };
    const ask = (paging: object): Promise<FilesAnswer> =>
      api.call(`${DATASETS}/ListDatasetFiles`, { ...address(pin), ...paging }, context);
    for await (const { datasetFiles = [] } of pages(pin.reference, ask)) {
      for (const { name, totalBytes } of datasetFiles) {
        const bytes = byteCount(totalBytes);
        if (name) files.push({ path: name, ...(bytes !== undefined && { bytes }) });
      }
    }
    return files;
  }

  return {
    checkAuth: (call) => checkKaggleAuth(api, call),

    /** One request. */
    async pin({ keys: { kaggle_ref = '' } }, call) {
      const { owner, slug, version } = parseDatasetReference(kaggle_ref);
      const reference = `${owner}/${slug}`;
      const page = `https://www.kaggle.com/datasets/${reference}`;
      const body = { ownerSlug: owner, datasetSlug: slug };
      const context = { ...call, place: reference, page };
      const answer = await api.call<DatasetAnswer>(`${DATASETS}/GetDataset`, body, context);
      const current = answer.currentVersionNumber;
      const wanted = version ?? current;
      if (wanted === undefined) throw notReady(reference, 'no version');
      requireVersion(answer, reference, wanted);
      const totalBytes = wanted === current ? byteCount(answer.totalBytes) : undefined;
      return {
        kind: 'kaggle',
        reference,
        version: String(wanted),
        ...(totalBytes !== undefined && { totalBytes }),
        description: describeDataset(answer, page),
      };
    },

    /** The archive, or only the wanted files. Asks first whether the version can be downloaded. */
    async listFiles(request, pin, call) {
      if (await api.credentials()) await requireReady(pin.reference, call);
      if (!wantsSome(request)) return [ARCHIVE];
      const wanted = wantedFiles(request, await listAll(pin, call));
      return wanted.length > MAX_SINGLE_FILES ? [ARCHIVE] : wanted;
    },

    /** Of the dataset as it is now: Kaggle keeps none of earlier versions. */
    async document(pin, call) {
      const [ownerSlug, datasetSlug] = pin.reference.split('/');
      const method = `${DATASETS}/GetDatasetMetadata`;
      const context = { ...call, place: pin.reference };
      return documentationOf(await api.call(method, { ownerSlug, datasetSlug }, context));
    },

    async open(pin, file, request) {
      const body = { ...address(pin), ...(!file.archive && { fileName: file.path }) };
      const place = file.archive ? pin.reference : `${pin.reference}/${file.path}`;
      const page = `https://www.kaggle.com/datasets/${pin.reference}`;
      const download = { method: `${DATASETS}/DownloadDataset`, body, place, page };
      try {
        return await api.open(download, request);
      } catch (error) {
        // The version exists, for it was pinned; its archive can lag behind by hours.
        const lags = error instanceof ImportError && error.code === 'SOURCE_NOT_FOUND';
        throw lags && file.archive ? notReady(pin.reference, 'no archive yet') : error;
      }
    },
  };
}

function address({ reference, version }: PinnedSource): Record<string, unknown> {
  const [ownerSlug, datasetSlug] = reference.split('/');
  return { ownerSlug, datasetSlug, datasetVersionNumber: Number(version) };
}

/** A list of versions that lacks the wanted one, or says that it is not ready, is believed. */
function requireVersion({ versions = [] }: DatasetAnswer, reference: string, wanted: number): void {
  const found = versions.find(({ versionNumber }) => versionNumber === wanted);
  if (found?.status !== undefined && found.status.toUpperCase() !== 'READY') {
    throw notReady(`${reference}/versions/${wanted}`, found.status);
  }
  if (found || versions.length === 0) return;
  const known = versions.map(({ versionNumber }) => versionNumber).join(', ');
  throw new ImportError('SOURCE_NOT_FOUND', {
    place: reference,
    expected: `one of the versions ${known}`,
    found: `version ${wanted}`,
  });
}

function notReady(place: string, status: string): ImportError {
  return new ImportError('DATASET_NOT_READY', { place, expected: 'READY', found: status });
}
