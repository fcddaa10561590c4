/** The API's methods by `service/Method`: from a request body to the answer, or to a stored object to redirect to. */
import { ApiError } from './answers.js';
import type { Library, Dataset, DatasetVersion } from './library.js';
import { pageOf, type PageRequest } from './paging.js';
import type { Account } from './types.js';
import {
  currentVersion,
  datasetDetail,
  datasetMetadata,
  datasetSummary,
  fileList,
  timestamp,
} from './views.js';

/** Kaggle lists no further than this, whatever the search. */
const MAX_LISTED = 10_000;

export interface Body extends PageRequest {
  readonly ownerSlug?: string;
  readonly datasetSlug?: string;
  readonly datasetVersionNumber?: number;
  readonly competitionName?: string;
  readonly fileName?: string;
  readonly raw?: boolean;
  readonly search?: string;
  readonly user?: string;
  readonly token?: string;
}

/** Download of a whole version (no `file`) or of one file. */
export interface Download {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
  readonly file?: string;
  readonly raw: boolean;
}

export type Answer = { readonly json: unknown } | { readonly download: Download };

export interface Method {
  /** Served to callers without credentials: what the official clients call for downloads and file lists. */
  readonly anonymous: boolean;
  answer(body: Body): Answer;
}

export function createMethods(library: Library, account: Account): Record<string, Method> {
  const mayRead = (dataset: Dataset) => !dataset.isPrivate || dataset.owner === account.username;
  const dataset = (body: Body): Dataset => {
    const found = library.find(`${body.ownerSlug ?? ''}/${body.datasetSlug ?? ''}`);
    if (found === undefined) throw new ApiError(404, 'Not found');
    if (!mayRead(found)) throw new ApiError(403, "Permission 'datasets.get' was denied");
    return found;
  };
  const competition = (body: Body): Dataset => {
    const found = library.find(`competitions/${body.competitionName ?? ''}`);
    if (found === undefined) throw new ApiError(404, 'Competition not found');
    return found;
  };
  const enteredCompetition = (body: Body): Dataset => {
    const found = competition(body);
    if (!found.rulesAccepted) throw new ApiError(403, RULES_NOT_ACCEPTED);
    return found;
  };
  const datasets = (name: string) => `datasets.DatasetApiService/${name}`;
  const competitions = (name: string) => `competitions.CompetitionApiService/${name}`;

  return {
    [datasets('ListDatasets')]: closed((body) => {
      const found = library
        .all()
        .filter((one) => one.owner !== 'competitions' && mayRead(one) && answersTo(one, body))
        .slice(0, MAX_LISTED);
      const { items, ...rest } = pageOf(found.map(datasetSummary), body);
      return { json: { datasets: items, ...rest } };
    }),
    [datasets('GetDataset')]: open((body) => ({ json: datasetDetail(dataset(body)) })),
    [datasets('GetDatasetMetadata')]: open((body) => ({
      json: { info: datasetMetadata(dataset(body)) },
    })),
    [datasets('GetDatasetStatus')]: closed((body) => {
      dataset(body);
      return { json: { status: 'READY' } };
    }),
    [datasets('ListDatasetFiles')]: open((body) => {
      const version = versionOf(dataset(body), body.datasetVersionNumber);
      const { items, ...rest } = pageOf(fileList(version), body);
      return { json: { datasetFiles: items, ...rest } };
    }),
    [datasets('DownloadDataset')]: open((body) => {
      const found = dataset(body);
      return { download: download(found, versionOf(found, body.datasetVersionNumber), body) };
    }),
    [competitions('GetCompetition')]: closed((body) => {
      const found = competition(body);
      const url = `https://www.kaggle.com/competitions/${found.slug}`;
      const userHasEntered = found.rulesAccepted;
      return { json: { id: found.id, ref: url, title: found.title, url, userHasEntered } };
    }),
    [competitions('ListDataFiles')]: closed((body) => {
      const { items, ...rest } = pageOf(competitionFiles(enteredCompetition(body)), body);
      return { json: { files: items, ...rest } };
    }),
    [competitions('DownloadDataFile')]: closed((body) => {
      const found = enteredCompetition(body);
      return { download: download(found, currentVersion(found), body) };
    }),
    [competitions('DownloadDataFiles')]: closed((body) => {
      const found = enteredCompetition(body);
      return { download: download(found, currentVersion(found), {}) };
    }),
    'security.OAuthService/IntrospectToken': open(({ token }) => ({
      json:
        token === account.token
          ? { active: true, username: account.username, userId: 1 }
          : { active: false },
    })),
  };
}

export const RULES_NOT_ACCEPTED =
  'You must accept this competition’s rules before you’ll be able to download files.';

function open(answer: Method['answer']): Method {
  return { anonymous: true, answer };
}

function closed(answer: Method['answer']): Method {
  return { anonymous: false, answer };
}

function answersTo(dataset: Dataset, { search = '', user = '' }: Body): boolean {
  const text = [dataset.ref, dataset.title, dataset.subtitle, ...dataset.keywords].join(' ');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    words.every((word) => text.toLowerCase().includes(word)) &&
    (user === '' || dataset.owner === user)
  );
}

function versionOf(dataset: Dataset, number?: number): DatasetVersion {
  if (!number) return currentVersion(dataset);
  const version = dataset.versions.find((one) => one.number === number);
  if (version === undefined) throw new ApiError(404, 'Dataset version not found');
  return version;
}

function download(dataset: Dataset, version: DatasetVersion, body: Body): Download {
  const { fileName: file, raw = false } = body;
  if (!file) return { dataset, version, raw };
  if (!version.files.has(file)) throw new ApiError(404, 'File not found');
  return { dataset, version, file, raw };
}

function competitionFiles(competition: Dataset): Record<string, unknown>[] {
  const version = currentVersion(competition);
  return [...version.files].map(([name, { sizeBytes }]) => ({
    ref: name,
    name,
    totalBytes: sizeBytes,
    creationDate: timestamp(version.createdMs),
  }));
}
