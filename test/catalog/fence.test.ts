/** Of the runs of a dataset, only the latest publishes: zombies, late retries and overlapping runs do not. */
import { expect, test } from 'vitest';
import type { Publication } from '../../src/catalog/index.js';
import { publicationSite } from '../helpers/publication-site.js';
import { publishSample, samplePublication } from '../helpers/sample-publication.js';

const site = publicationSite();
const startedAt = '2026-01-01T02:00:00.000Z';
const begin = ({ entry, workflowId, runId }: Publication): Promise<void> =>
  site.catalog.startImport({ dataset: entry.name, workflowId, runId, startedAt });
const superseded = { code: 'IMPORT_SUPERSEDED', retryable: false };
const currentOf = async (dataset: string) =>
  (await site.catalog.findPublication(dataset))?.sourceVersion;

test('a run that a newer one has overtaken publishes nothing, before and after the newer one does', async () => {
  const old = samplePublication('overtaken', '1', { people: 'a' });
  const newer = samplePublication('overtaken', '2', { people: 'b' });
  await begin(old);
  await begin(newer);
  // A start that is reported late, or once more, is not a new start.
  await begin(old);
  await expect(site.catalog.publish(old)).rejects.toMatchObject(superseded);
  expect(await currentOf('overtaken')).toBeUndefined();
  await site.catalog.publish(newer);
  await expect(site.catalog.publish(old)).rejects.toMatchObject(superseded);
  expect(await currentOf('overtaken')).toBe('2');
  expect(await site.catalog.versionAt(old.prefix)).toBeUndefined();
});

test('a late retry of a publication that was committed changes nothing that is current by now', async () => {
  const old = samplePublication('retried', '1', { people: 'a' });
  await publishSample(site.catalog, old);
  await publishSample(site.catalog, samplePublication('retried', '2', { people: 'b' }));
  expect(await site.catalog.publish(old)).toMatchObject({ alreadyPublished: true });
  expect(await currentOf('retried')).toBe('2');
  const versionId = (await site.catalog.versionAt(old.prefix))!;
  await expect(site.catalog.makeCurrent(versionId, old)).rejects.toMatchObject(superseded);
  expect(await currentOf('retried')).toBe('2');
});

test('runs under two workflow ids at once: the one that began last wins, whoever commits first', async () => {
  const publications = ['1', '2', '3', '4'].map((version) => ({
    ...samplePublication('overlap', version, { people: version }),
    workflowId: `w${version}`,
  }));
  for (const publication of publications) await begin(publication);
  const outcomes = await Promise.allSettled(publications.map((one) => site.catalog.publish(one)));
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...['rejected', 'rejected', 'rejected'],
    'fulfilled',
  ]);
  expect(await currentOf('overlap')).toBe('4');
});

test.each(['cancelled', 'failed', 'terminated'])(
  'a run whose end is recorded as %s publishes no more',
  async (outcome) => {
    const publication = samplePublication(`ended-${outcome}`, '1', { people: 'a' });
    await begin(publication);
    await site.catalog.finishImport({
      ...{ dataset: publication.entry.name, startedAt, endedAt: startedAt, outcome },
      ...{ workflowId: publication.workflowId, runId: publication.runId },
      ...{ stageMs: {}, sourceBytes: 0, parquetBytes: 0, transferredBytes: 0, rows: 0, tables: 0 },
    });
    await expect(site.catalog.publish(publication)).rejects.toMatchObject(superseded);
    expect(await currentOf(publication.entry.name)).toBeUndefined();
  },
);

test('a run that nobody knows publishes nothing', async () => {
  const unknown = samplePublication('unknown', '1', { people: 'a' });
  await expect(site.catalog.publish(unknown)).rejects.toMatchObject(superseded);
});

test('a prefix is one run’s, until its objects are removed: then nobody publishes it', async () => {
  const publication = samplePublication('owned', '1', { people: 'a' });
  const { prefix, workflowId, runId } = publication;
  const run = { workflowId, runId };
  const other = { workflowId, runId: 'another' };
  await begin(publication);
  await site.catalog.claimPrefix(prefix, 'owned', run, ['a', 'b']);
  await site.catalog.claimPrefix(prefix, 'owned', run, ['b', 'c']);
  await expect(site.catalog.claimPrefix(prefix, 'owned', other, [])).rejects.toMatchObject(
    superseded,
  );
  expect(await site.catalog.releasePrefix(prefix, other)).toBeUndefined();
  expect(await site.catalog.releasePrefix(prefix, run)).toEqual(['a', 'b', 'c']);
  // Again: what a zombie has stored since can still be removed.
  expect(await site.catalog.releasePrefix(prefix, run)).toEqual(['a', 'b', 'c']);
  await expect(site.catalog.claimPrefix(prefix, 'owned', run, [])).rejects.toMatchObject(
    superseded,
  );
  await expect(site.catalog.publish(publication)).rejects.toMatchObject(superseded);
});

test('a published prefix cannot be given up, not even by its own run', async () => {
  const publication = samplePublication('kept', '1', { people: 'a' });
  await publishSample(site.catalog, publication);
  expect(await site.catalog.releasePrefix(publication.prefix, publication)).toBeUndefined();
});

test('publishing and removing at the same moment: one of them is refused', async () => {
  for (let round = 0; round < 20; round += 1) {
    const publication = samplePublication(`race-${round}`, '1', { people: 'a' });
    await begin(publication);
    await site.catalog.claimPrefix(publication.prefix, publication.entry.name, publication, []);
    const [published, released] = await Promise.all([
      site.catalog.publish(publication).then(
        () => true,
        () => false,
      ),
      site.catalog
        .releasePrefix(publication.prefix, publication)
        .then((keys) => keys !== undefined),
    ]);
    expect([published, released].filter(Boolean), `round ${round}`).toHaveLength(1);
    expect((await site.catalog.versionAt(publication.prefix)) !== undefined).toBe(published);
  }
});
