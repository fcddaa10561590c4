/** Keeps some rows of a file, spread over its length, as the ledger's own reader sees them. */
import type { Witness } from '../relation.js';

/** Looking one up in the Parquet reads a little of each column of its row group. */
const MOST = 32;
/** A longer record is no witness: another one will do. */
const MOST_BYTES = 64 * 1024;

export class KeptRows {
  private kept: Witness[] = [];
  private next = 0;
  private every = 1;

  get rows(): readonly Witness[] {
    return this.kept;
  }

  /** Rows are offered in their order; not all of them need to be. */
  offer(row: number, bytes: number, cells: () => Witness['cells']): void {
    if (row < this.next || bytes > MOST_BYTES) return;
    this.kept.push({ row, cells: cells() });
    if (this.kept.length > MOST) {
      this.kept = this.kept.filter((_row, index) => index % 2 === 0);
      const [first, last] = [this.kept[0]!.row, this.kept.at(-1)!.row];
      this.every = Math.ceil((last - first) / (this.kept.length - 1));
    }
    this.next = row + this.every;
  }
}
