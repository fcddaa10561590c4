/** Work side by side, bounded by how many there are and by the bytes that they hold. */

export class Lanes {
  readonly #running = new Set<Promise<void>>();
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly most: number,
    private readonly mostBytes: number,
  ) {}

  /** Resolves once it has begun. Throws what an earlier one has thrown. */
  async run(bytes: number, work: () => Promise<void>): Promise<void> {
    const isFull = (): boolean =>
      this.#running.size >= this.most ||
      (this.#running.size > 0 && this.#bytes + bytes > this.mostBytes);
    while (isFull()) await Promise.race(this.#running);
    this.#throwFailure();
    this.#bytes += bytes;
    const running = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#bytes -= bytes;
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  /** Resolves when all have ended. Throws what one has thrown. */
  async end(): Promise<void> {
    await this.settled();
    this.#throwFailure();
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
