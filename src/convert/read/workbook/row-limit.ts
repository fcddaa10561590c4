/** Ends the XML of a sheet behind so many rows, so that the rest need not be unpacked. */

/** How a row ends, whatever the prefix of its names. */
const ROW_END = Buffer.from('row>');
const LONGEST_PREFIX = 64;

export class RowLimit {
  /** Thrown when there are enough. */
  readonly reached = new Error('rows enough');
  #rows = 0;
  #end: number | undefined;
  #prefix = '';

  constructor(private readonly most: number) {}

  /** @param content So far. @param from Where the last piece begins. */
  look(content: Buffer, from: number): void {
    if (this.#end !== undefined) return;
    let at = content.indexOf(ROW_END, Math.max(0, from - ROW_END.length + 1));
    for (; at !== -1; at = content.indexOf(ROW_END, at + 1)) {
      const before = content.toString('latin1', Math.max(0, at - LONGEST_PREFIX), at);
      const [, prefix] = /<\/((?:[\w.-]+:)?)$/.exec(before) ?? [];
      if (prefix === undefined || (this.#rows += 1) < this.most) continue;
      this.#end = at + ROW_END.length;
      this.#prefix = prefix;
      return;
    }
  }

  throwIfReached(): void {
    if (this.#end !== undefined) throw this.reached;
  }

  ended(content: Buffer): Buffer {
    const closing = `</${this.#prefix}sheetData></${this.#prefix}worksheet>`;
    return Buffer.concat([content.subarray(0, this.#end), Buffer.from(closing)]);
  }
}
