/** Takes what was made of a text while it arrived, where its conversion asks for the very same. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { tableDigest } from '../../config/digest.js';
import type { ConvertRequest } from '../convert-table.js';
import { RejectSink } from '../read/reject-sink.js';
import type { TextReading } from '../read/text/read-text.js';
import { quoteText } from '../relation.js';
import {
  copyStatement,
  metadataPairs,
  type CopiedColumns,
  type CopyRequest,
  type RowsAhead,
} from '../write/copy.js';
import { replaceMetadata } from '../write/footer.js';
import {
  arrivedFolder,
  arrivedRows,
  dropArrived,
  readArrived,
  SOURCE,
  TARGET,
  type ArrivedTable,
} from './kept.js';

/** Of the same bytes and the same configuration; nothing otherwise, and nothing is left of it then. */
export async function arrivedText(request: ConvertRequest): Promise<ArrivedText | undefined> {
  const { table, workDirectory, held, growth, entry, settings } = request;
  const folder = arrivedFolder(workDirectory, table.originalPath);
  const kept = await readArrived(folder);
  if (!kept) return undefined;
  const isSame =
    table.format === 'csv' &&
    !(held ?? growth ?? table.members) &&
    kept.bytes === table.sourceBytes &&
    kept.sha256 === table.sourceSha256 &&
    kept.digest === tableDigest(entry, settings);
  if (isSame) return new ArrivedText(kept, folder, join(workDirectory, table.file));
  await dropArrived(folder);
  return undefined;
}

export class ArrivedText implements RowsAhead {
  readonly #kept: ArrivedTable;
  readonly #folder: string;
  readonly #file: string;

  /** @param file - absolute path of the unpacked file */
  constructor(kept: ArrivedTable, folder: string, file: string) {
    [this.#kept, this.#folder, this.#file] = [kept, folder, file];
  }

  reading(): TextReading {
    const { reading } = this.#kept;
    const text = { ...reading.text, file: this.#file };
    return { ...reading, text, rejects: new RejectSink('', 0) };
  }

  async take(
    select: string,
    file: string,
    request: CopyRequest,
  ): Promise<CopiedColumns | undefined> {
    const asked = copyStatement(select, file, { ...request, metadata: {} });
    const { statement, statistics } = this.#kept;
    const own = statement
      .replace(quoteText(SOURCE), () => quoteText(this.#file))
      .replace(quoteText(`${TARGET}.tmp`), () => quoteText(`${file}.tmp`));
    if (asked !== own) return undefined;
    await rename(`${arrivedRows(this.#folder)}.tmp`, `${file}.tmp`);
    await replaceMetadata(`${file}.tmp`, metadataPairs(request));
    return statistics;
  }

  /** Not looked for: they are found again among the first rows of the whole file. */
  candidatesOf(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  end(): Promise<void> {
    return dropArrived(this.#folder);
  }
}
