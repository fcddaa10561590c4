/** Datasets and files as Kaggle's API shows them: camelCase JSON with defaults left out. */
import type { Dataset, DatasetVersion } from './library.js';

export function currentVersion(dataset: Dataset): DatasetVersion {
  const version = dataset.versions.at(-1);
  if (version === undefined) throw new Error(`${dataset.ref} has no version`);
  return version;
}

export function datasetSummary(dataset: Dataset): Record<string, unknown> {
  const version = currentVersion(dataset);
  return {
    id: dataset.id,
    ref: dataset.ref,
    title: dataset.title,
    subtitle: dataset.subtitle,
    creatorName: dataset.owner,
    ownerName: dataset.owner,
    ownerRef: dataset.owner,
    url: `https://www.kaggle.com/datasets/${dataset.ref}`,
    totalBytes: totalBytes(version),
    lastUpdated: timestamp(version.createdMs),
    licenseName: dataset.licence,
    usabilityRating: usability(dataset),
    currentVersionNumber: version.number,
    tags: dataset.keywords.map((name) => ({ ref: name, name })),
    ...(dataset.isPrivate && { isPrivate: true }),
  };
}

export function datasetDetail(dataset: Dataset): Record<string, unknown> {
  return {
    ...datasetSummary(dataset),
    description: dataset.description,
    versions: dataset.versions
      .map(({ number, createdMs, notes }) => ({
        versionNumber: number,
        creationDate: timestamp(createdMs),
        creatorName: dataset.owner,
        versionNotes: notes,
        status: 'Ready',
      }))
      .reverse(),
  };
}

export function datasetMetadata(dataset: Dataset): Record<string, unknown> {
  return {
    datasetId: dataset.id,
    datasetSlug: dataset.slug,
    ownerUser: dataset.owner,
    usabilityRating: usability(dataset),
    title: dataset.title,
    subtitle: dataset.subtitle,
    description: dataset.description,
    keywords: dataset.keywords,
    licenses: [{ name: dataset.licence }],
    ...(dataset.sources !== '' && { userSpecifiedSources: dataset.sources }),
    data: fileList(currentVersion(dataset)).map(({ name, totalBytes: bytes }) => ({
      ...{ name, totalBytes: bytes },
      ...dataset.resources.find(({ path }) => path === name)?.about,
    })),
  };
}

export function fileList(version: DatasetVersion): Record<string, unknown>[] {
  return [...version.files].map(([name, { sizeBytes }]) => ({
    ref: name,
    name,
    totalBytes: sizeBytes,
    creationDate: timestamp(version.createdMs),
    fileType: name.includes('.') ? name.slice(name.lastIndexOf('.')) : '',
  }));
}

export function totalBytes(version: DatasetVersion): number {
  return [...version.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** Kaggle rates how well a dataset is described; here, the share of four fields that are filled in. */
function usability({ title, subtitle, description, licence }: Dataset): number {
  const filled = [title, subtitle, description, licence === 'unknown' ? '' : licence];
  return filled.filter((text) => text !== '').length / filled.length;
}
