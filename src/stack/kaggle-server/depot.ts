/** The bucket behind the storage host: gives each download its path, and makes each archive once. */
import path from 'node:path';
import { zipObject, type StoredObject } from './objects.js';
import type { Download } from './services.js';

/** File kinds that Kaggle stores compressed, and so hands out zipped. */
const COMPRESSED_KINDS = new Set(['.csv', '.tsv', '.txt', '.json', '.jsonl', '.xml', '.sql']);

export interface Shelf {
  readonly dataset: string;
  readonly file?: string;
  readonly object: Promise<StoredObject>;
}

export class Depot {
  readonly #shelves = new Map<string, Shelf>();
  readonly #scratch: string;
  readonly #zipFilesFromBytes: number;

  constructor(scratch: string, zipFilesFromBytes: number) {
    this.#scratch = scratch;
    this.#zipFilesFromBytes = zipFilesFromBytes;
  }

  /** Path of the download on the storage host; its object is ready when this resolves. */
  async place(download: Download): Promise<string> {
    const { dataset, version, file } = download;
    const root = `/kaggle-data-sets/${dataset.id}/${version.number}`;
    const zipped = file === undefined || this.#arrivesZipped(download, file);
    const name =
      file === undefined
        ? 'bundle/archive.zip'
        : zipped
          ? `compressed/${file}.zip`
          : `upload/${file}`;
    const place = `${root}/${name}`;
    let shelf = this.#shelves.get(place);
    if (shelf === undefined) {
      const object = this.#object(download, zipped);
      shelf = { dataset: dataset.ref, ...(file !== undefined && { file }), object };
      this.#shelves.set(place, shelf);
    }
    await shelf.object;
    return place;
  }

  /** @param place - as `place` returned it, not encoded */
  find(place: string): Shelf | undefined {
    return this.#shelves.get(place);
  }

  async #object({ version, file }: Download, zipped: boolean): Promise<StoredObject> {
    if (file === undefined) return zipObject(version.files, this.#scratch, version.createdMs);
    const object = version.files.get(file);
    if (object === undefined) throw new Error(`No file ${file}`);
    if (!zipped) return object;
    const entries = new Map([[path.posix.basename(file), object]]);
    return zipObject(entries, this.#scratch, version.createdMs);
  }

  #arrivesZipped({ version, raw }: Download, file: string): boolean {
    const bytes = version.files.get(file)?.sizeBytes ?? 0;
    const kind = path.posix.extname(file).toLowerCase();
    return !raw && COMPRESSED_KINDS.has(kind) && bytes >= this.#zipFilesFromBytes;
  }
}
