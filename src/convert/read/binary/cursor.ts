/** Walks the header of a binary file: each reading goes on where the one before has ended. */
import { Damage } from './damage.js';

/** Reading beyond the bytes is a RangeError or Damage. */
export class Cursor {
  at = 0;

  constructor(
    readonly bytes: Buffer,
    /** The first byte of a number is the highest. */
    public isBig = false,
  ) {}

  take(count: number): Buffer {
    const end = this.at + count;
    if (!(count >= 0 && end <= this.bytes.length)) throw new Damage('a header that is cut short');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  /** Up to its first NUL. */
  text(count: number): Buffer {
    return untilZero(this.take(count));
  }

  uint8(): number {
    return this.take(1).readUInt8();
  }

  uint16(): number {
    const bytes = this.take(2);
    return this.isBig ? bytes.readUInt16BE() : bytes.readUInt16LE();
  }

  uint32(): number {
    const bytes = this.take(4);
    return this.isBig ? bytes.readUInt32BE() : bytes.readUInt32LE();
  }

  int32(): number {
    return this.uint32() | 0;
  }

  /** @throws Damage beyond 2^53, where no file ends */
  uint64(): number {
    const bytes = this.take(8);
    const value = Number(this.isBig ? bytes.readBigUInt64BE() : bytes.readBigUInt64LE());
    if (!Number.isSafeInteger(value)) throw new Damage('a place beyond every file');
    return value;
  }

  /** @throws Damage when other bytes stand here */
  expect(tag: string): void {
    const found = this.take(tag.length).toString('latin1');
    if (found !== tag) throw new Damage(`no ${tag} where its header says`);
  }
}

export function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}
