/** What is written about a sample publication, and a table that it carries over. */
import {
  buildMetadataFiles,
  type Publication,
  type PublishedTable,
} from '../../src/catalog/index.js';

export const OLD = 'datasets/d/v1-00000000';
export const carried: PublishedTable = {
  name: 'big',
  originalPath: 'folder/big.csv',
  sourceBytes: 1,
  sourceSha256: 'aa',
  tableDigest: 'bb',
  parts: [1, 2].map((number) => ({
    key: `${OLD}/big/part-000${number}.parquet`,
    rows: number,
    bytes: 10,
    sha256: `cc${number}`,
  })),
  rows: 3,
  rejects: 0,
  parquetBytes: 20,
  columns: [{ position: 0, name: 'n', originalName: 'N', type: 'BIGINT[]', nullable: false }],
};

/** Parsed, by name. */
async function described(publication: Publication, published: readonly PublishedTable[] = []) {
  const files = await buildMetadataFiles(publication, published);
  return Object.fromEntries(
    files.map(({ name, text }) => [name, JSON.parse(text) as Record<string, unknown>]),
  );
}

export const croissantOf = async (...args: Parameters<typeof described>) =>
  (await described(...args))['croissant.json']!;
export const packageOf = async (...args: Parameters<typeof described>) =>
  (await described(...args))['datapackage.json']!;
