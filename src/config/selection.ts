/** Which datasets a batch is about. */
import { ImportError } from '../errors/index.js';
import type { DatasetEntry, DatasetsConfig } from './datasets.js';
import { findDataset } from './load.js';
import { nearest } from './nearest.js';

export interface Selection {
  /** Only these. */
  readonly only?: readonly string[];
  /** Only those of one of these domains. */
  readonly domains?: readonly string[];
  /** Leaves out `large_dataset` entries. */
  readonly small?: boolean;
}

/** In the order of the configuration. Throws DATASET_UNKNOWN and DOMAIN_UNKNOWN, for a slip would select nothing. */
export function selected(
  config: DatasetsConfig,
  { only, domains, small }: Selection,
): DatasetEntry[] {
  only?.forEach((name) => findDataset(config, name));
  const entries = [...config.datasets.values()];
  domains?.forEach((domain) => requireDomain(config, entries, domain));
  const [names, wanted] = [only && new Set(only), domains && new Set(domains)];
  return entries
    .filter(({ name }) => names === undefined || names.has(name))
    .filter(({ domain = [] }) => wanted === undefined || domain.some((one) => wanted.has(one)))
    .filter(({ large_dataset }) => !(small && large_dataset));
}

function requireDomain(
  { file }: DatasetsConfig,
  entries: readonly DatasetEntry[],
  domain: string,
): void {
  const known = [...new Set(entries.flatMap((entry) => entry.domain ?? []))];
  if (known.includes(domain)) return;
  const near = nearest(domain, known);
  throw new ImportError('DOMAIN_UNKNOWN', {
    ...{ place: file, found: `"${domain}"` },
    ...(near !== undefined && { nextStep: `Did you mean "${near}"?` }),
  });
}
