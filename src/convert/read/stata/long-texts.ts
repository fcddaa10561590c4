/** Texts of any length, which a Stata file keeps beside its records. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { Damage } from '../binary/damage.js';
import type { StataFile } from './file.js';

interface Place {
  readonly at: number;
  readonly bytes: number;
  readonly isText: boolean;
}

const TAG = '<strls>';
const TEXT = 130;
const BINARY = 129;

/** Only their places are held; a text is read when its record is. To be closed. */
export class LongTexts {
  readonly #places = new Map<string, Place>();
  readonly #handle: number;
  /** Of binary values, which were written in hexadecimal. */
  binary = 0;

  /** @throws Damage */
  constructor(
    absolutePath: string,
    private readonly file: StataFile,
  ) {
    this.#handle = openSync(absolutePath, 'r');
    const [start, end] = file.longTexts ?? [0, 0];
    // Column and row, then the type and the length.
    const before = file.version === 117 ? 8 : 12;
    const size = before + 5;
    let at = start + TAG.length;
    try {
      while (at + 3 + size <= end && this.#read(at, 3).toString('latin1') === 'GSO') {
        const head = this.#read(at + 3, size);
        const type = head[before]!;
        const bytes = this.#number(head, before + 1, 4);
        const content = at + 3 + size;
        if (content + bytes > end || ![TEXT, BINARY].includes(type))
          throw new Damage('a long text beyond its place');
        const isText = type === TEXT;
        const key = `${this.#number(head, 0, 4)},${this.#number(head, 4, before - 4)}`;
        this.#places.set(key, { at: content, bytes: isText ? bytes - 1 : bytes, isText });
        at = content + bytes;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** @param reference Eight bytes of a record. @throws Damage where it refers to nothing */
  textOf(reference: Buffer, decode: (bytes: Buffer) => string): string {
    const width = this.file.version === 117 ? 4 : this.file.version - 116;
    const [column, row] = [
      this.#number(reference, 0, width),
      this.#number(reference, width, 8 - width),
    ];
    if (column === 0 && row === 0) return '';
    const place = this.#places.get(`${column},${row}`);
    if (!place) throw new Damage('a long text that is not there');
    const bytes = this.#read(place.at, place.bytes);
    if (place.isText) return decode(bytes);
    if (!bytes.includes(0) && isUtf8(bytes)) return bytes.toString('utf8');
    this.binary += 1;
    return bytes.toString('hex');
  }

  close(): void {
    closeSync(this.#handle);
  }

  #read(at: number, count: number): Buffer {
    const bytes = Buffer.alloc(count);
    if (readSync(this.#handle, bytes, 0, count, at) !== count)
      throw new Damage('a long text beyond the file');
    return bytes;
  }

  #number(bytes: Buffer, at: number, width: number): number {
    const part = [...bytes.subarray(at, at + width)];
    const highFirst = this.file.isBig ? part : part.reverse();
    return highFirst.reduce((sum, byte) => sum * 256 + byte, 0);
  }
}
