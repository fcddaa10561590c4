/** The datasets and competitions that the server holds, with their versions. */
import { readdir, readFile, mkdir, writeFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileObject, type StoredObject } from './objects.js';
import type { FixtureFiles, KaggleFixture, Resource } from './types.js';

const METADATA_FILE = 'dataset-metadata.json';
/** Every first version is of this moment, so that two runs of the server give the same answers. */
const FIRST_PUBLISHED_MS = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export interface DatasetVersion {
  readonly number: number;
  readonly createdMs: number;
  readonly notes: string;
  /** By name, in Kaggle's order: alphabetical. */
  readonly files: ReadonlyMap<string, StoredObject>;
}

export interface Dataset {
  readonly id: number;
  readonly ref: string;
  readonly owner: string;
  readonly slug: string;
  readonly title: string;
  readonly subtitle: string;
  readonly description: string;
  readonly licence: string;
  readonly keywords: readonly string[];
  readonly sources: string;
  readonly resources: readonly Resource[];
  readonly isPrivate: boolean;
  rulesAccepted: boolean;
  readonly versions: DatasetVersion[];
}

export class Library {
  readonly #datasets = new Map<string, Dataset>();
  readonly #scratch: string;

  /** @param scratch - a folder that the caller removes; holds files made by code and archives */
  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  all(): Dataset[] {
    return [...this.#datasets.values()];
  }

  find(ref: string): Dataset | undefined {
    return this.#datasets.get(ref.toLowerCase());
  }

  /** Reads `<owner>/<slug>/dataset-metadata.json` and the files beside it; other folders are not datasets. */
  async readDirectory(directory: string): Promise<void> {
    for (const owner of await folders(directory)) {
      for (const slug of await folders(path.join(directory, owner))) {
        const root = path.join(directory, owner, slug);
        const text = await readFile(path.join(root, METADATA_FILE), 'utf8').catch(() => undefined);
        if (text === undefined) continue;
        const dataset = this.#add(`${owner}/${slug}`, fromMetadata(JSON.parse(text)));
        await this.#addVersion(dataset, await filesBelow(root), 'Initial release');
      }
    }
  }

  async addFixture(fixture: KaggleFixture): Promise<void> {
    const dataset = this.#add(fixture.ref, fixture);
    await this.#addVersion(dataset, await this.#write(dataset, fixture.files), 'Initial release');
  }

  async publishVersion(ref: string, files: FixtureFiles): Promise<number> {
    const dataset = this.find(ref);
    if (dataset === undefined) throw new Error(`No dataset ${ref} on this server`);
    return this.#addVersion(dataset, await this.#write(dataset, files), 'Updated data');
  }

  acceptRules(slug: string, accepted: boolean): void {
    const competition = this.find(`competitions/${slug}`);
    if (competition === undefined) throw new Error(`No competition ${slug} on this server`);
    competition.rulesAccepted = accepted;
  }

  #add(ref: string, about: Omit<KaggleFixture, 'ref' | 'files'>): Dataset {
    const [owner = '', slug = ''] = ref.split('/');
    const dataset: Dataset = {
      id: this.#datasets.size + 1,
      ref,
      owner,
      slug,
      title: about.title ?? slug,
      subtitle: about.subtitle ?? '',
      description: about.description ?? '',
      licence: about.licence ?? 'unknown',
      keywords: about.keywords ?? [],
      sources: about.sources ?? '',
      resources: about.resources ?? [],
      isPrivate: about.private ?? false,
      rulesAccepted: about.rulesAccepted ?? true,
      versions: [],
    };
    this.#datasets.set(ref.toLowerCase(), dataset);
    return dataset;
  }

  async #write(dataset: Dataset, files: FixtureFiles): Promise<Map<string, string>> {
    const root = path.join(this.#scratch, `${dataset.id}-v${dataset.versions.length + 1}`);
    const places = new Map<string, string>();
    for (const [name, content] of Object.entries(files)) {
      const place = path.join(root, name);
      await mkdir(path.dirname(place), { recursive: true });
      await writeFile(place, content);
      places.set(name, place);
    }
    return places;
  }

  async #addVersion(dataset: Dataset, places: Map<string, string>, notes: string): Promise<number> {
    const number = dataset.versions.length + 1;
    const createdMs = FIRST_PUBLISHED_MS + (number - 1) * DAY_MS;
    const files = new Map<string, StoredObject>();
    for (const [name, place] of [...places].sort(([a], [b]) => (a < b ? -1 : 1))) {
      files.set(name, await fileObject(place, createdMs));
    }
    dataset.versions.push({ number, createdMs, notes, files });
    return number;
  }
}

/** Kaggle's own file, as `kaggle datasets init` writes it. */
function fromMetadata(metadata: unknown): Omit<KaggleFixture, 'ref' | 'files'> {
  const { title, subtitle, description, licenses, keywords, isPrivate, ...more } = metadata as {
    title?: string;
    subtitle?: string;
    description?: string;
    licenses?: { name: string }[];
    keywords?: string[];
    isPrivate?: boolean;
    userSpecifiedSources?: string;
    resources?: {
      path: string;
      description?: string;
      schema?: { fields: { name: string; description?: string; type?: string }[] };
    }[];
  };
  return {
    title: title ?? '',
    subtitle: subtitle ?? '',
    description: description ?? '',
    licence: licenses?.[0]?.name ?? 'unknown',
    keywords: keywords ?? [],
    private: isPrivate ?? false,
    sources: more.userSpecifiedSources ?? '',
    resources: (more.resources ?? []).map(({ path: file, description: text, schema }) => ({
      path: file,
      about: { ...(text && { description: text }), ...(schema && { columns: schema.fields }) },
    })),
  };
}

async function folders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

async function filesBelow(root: string): Promise<Map<string, string>> {
  const places = new Map<string, string>();
  for (const name of await readdir(root, { recursive: true })) {
    const place = path.join(root, name);
    const hidden = name.split(path.sep).some((part) => part.startsWith('.'));
    if (name === METADATA_FILE || hidden || !(await stat(place)).isFile()) continue;
    places.set(name.split(path.sep).join('/'), place);
  }
  return places;
}
