/** Takes values of Avro's binary encoding out of a block, one behind the other (Apache Avro 1.12, "Binary Encoding"). */
import { Damage } from '../binary/damage.js';

const LONGEST_VARINT = 10;
/** Values without a byte, such as nulls: a block may say that it has any number of them. */
const MOST_EMPTY = 1_000_000;
const DEEPEST = 100;

/** @throws Damage for what leads beyond the block */
export class BlockReader {
  at = 0;
  /** A text was not UTF-8: the record is none. */
  isBroken = false;
  #depth = 0;
  #empty = 0;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(readonly block: Buffer) {}

  take(bytes: number): Buffer {
    const end = this.at + bytes;
    if (!(bytes >= 0 && end <= this.block.length)) throw new Damage('a value beyond its block');
    const taken = this.block.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  long(): bigint {
    let value = 0n;
    for (let place = 0; place < LONGEST_VARINT; place += 1) {
      const byte = this.take(1)[0]!;
      value |= BigInt(byte & 0x7f) << BigInt(7 * place);
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
    }
    throw new Damage('a number of more than 64 bits');
  }

  /** A length, an index or a count. */
  count(): number {
    const value = Number(this.long());
    if (!Number.isSafeInteger(value)) throw new Damage('a length beyond its block');
    return value;
  }

  text(): string {
    try {
      return this.#decoder.decode(this.take(this.count()));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.isBroken = true;
      return '';
    }
  }

  /** Items of a list or of a map, which come in several runs. */
  *items(): Generator<void> {
    for (let count = this.count(); count !== 0; count = this.count()) {
      if (count < 0) this.count();
      for (let left = Math.abs(count); left > 0; left -= 1) {
        const before = this.at;
        yield;
        this.moved(before);
      }
    }
  }

  /** Called behind each value. */
  moved(before: number): void {
    if (this.at === before && ++this.#empty > MOST_EMPTY)
      throw new Damage('more values without a byte than a block can mean');
  }

  /** What is within a value that may be within itself. */
  within<Value>(read: () => Value): Value {
    if (++this.#depth > DEEPEST) throw new Damage(`values more than ${DEEPEST} deep`);
    const value = read();
    this.#depth -= 1;
    return value;
  }
}
