/** The files that describe a version beside its tables, for readers without the catalog. */
import type { PublicationContent, PublishedTable } from '../types.js';
import { buildCroissant } from './croissant.js';
import { buildDataPackage } from './data-package.js';
import { factsOf } from './facts.js';

export { citationOf, keywordsOf } from './facts.js';

export const CROISSANT_FILE = 'croissant.json';

export interface MetadataFile {
  /** Below the prefix of the version. */
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

/** `published` are the current tables of the dataset. The same publication gives the same bytes. */
export function buildMetadataFiles(
  publication: PublicationContent,
  published: readonly PublishedTable[],
): MetadataFile[] {
  const facts = factsOf(publication, published);
  const text = (content: object): string => JSON.stringify(content, null, 2);
  return [
    {
      name: CROISSANT_FILE,
      mediaType: 'application/ld+json',
      text: text(buildCroissant(facts)),
    },
    {
      name: 'datapackage.json',
      mediaType: 'application/json',
      text: text(buildDataPackage(facts)),
    },
  ];
}
