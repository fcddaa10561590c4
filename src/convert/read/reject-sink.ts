/** Takes the records that are no rows, one by one, and keeps them on disk: memory does not grow with them. */
import { open, type FileHandle } from 'node:fs/promises';

/** A source record that is not a row. */
export interface Reject {
  /** 1-based line of the source where the record starts; the element of a JSON array. */
  readonly line: number;
  /** In words: `3 fields, expected 5`. */
  readonly reason: string;
  /** The raw record, at most 64 KiB of it. */
  readonly raw: string;
}

export const MOST_RAW_BYTES = 64 * 1024;
const SHOWN = 3;

export class RejectSink {
  /** All of them, also those that were not kept. */
  count = 0;
  /** The first few, to show. */
  readonly first: Reject[] = [];
  private pending: string[] = [];
  private handle: FileHandle | undefined;

  /** Of more than `most`, which stop the import, no more are kept. `file` is NDJSON, made with the first reject. */
  constructor(
    readonly file: string,
    private readonly most: number,
  ) {}

  add({ raw, ...reject }: Reject): void {
    this.count += 1;
    const kept = { ...reject, raw: cutText(raw, MOST_RAW_BYTES) };
    if (this.first.length < SHOWN) this.first.push(kept);
    if (this.count <= this.most) this.pending.push(`${JSON.stringify(kept)}\n`);
  }

  /** To be called now and then: what was added waits in memory until then. */
  async flush(): Promise<void> {
    if (this.pending.length === 0) return;
    this.handle ??= await open(this.file, 'w');
    await this.handle.writeFile(this.pending.splice(0).join(''));
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.handle?.close();
      this.handle = undefined;
    }
  }
}

/** Never within a character. */
export function cutText(text: string, bytes: number): string {
  if (text.length * 3 <= bytes) return text;
  const buffer = Buffer.from(text.slice(0, bytes));
  return cutBytes(buffer, 0, buffer.length, bytes);
}

/** The text from `start` on, of at most so many bytes, never within a character. */
export function cutBytes(buffer: Buffer, start: number, end: number, bytes: number): string {
  let cut = Math.min(end, start + bytes);
  while (cut < end && cut > start && (buffer[cut]! & 0xc0) === 0x80) cut -= 1;
  return buffer.toString('utf8', start, cut);
}
