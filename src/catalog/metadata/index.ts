/** The files that describe a version beside its tables, for readers without the catalog. */
import type { PublicationContent, PublishedTable } from '../types.js';
import { buildCroissant } from './croissant.js';
import { buildDataPackage } from './data-package.js';
import { factsOf } from './facts.js';
import { jsonText } from './json-text.js';

export { citationOf, keywordsOf } from './facts.js';

export const CROISSANT_FILE = 'croissant.json';
const PACKAGE_FILE = 'datapackage.json';

/** Of every version that is published today. */
export const METADATA_FILES: readonly string[] = [CROISSANT_FILE, PACKAGE_FILE];

export interface MetadataFile {
  /** Below the prefix of the version. */
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
}

/** `published` are the current tables of the dataset. The same publication gives the same bytes. */
export async function buildMetadataFiles(
  publication: PublicationContent,
  published: readonly PublishedTable[],
): Promise<MetadataFile[]> {
  const facts = factsOf(publication, published);
  return [
    {
      name: CROISSANT_FILE,
      mediaType: 'application/ld+json',
      text: await jsonText(buildCroissant(facts)),
    },
    {
      name: PACKAGE_FILE,
      mediaType: 'application/json',
      text: await jsonText(buildDataPackage(facts)),
    },
  ];
}
