/** A body that hands on every byte that arrived, in large pieces, also when the connection broke right behind it. */
import type { Readable } from 'node:stream';

/** Kept for a reader that is busy: what has arrived meanwhile is its next piece. */
const BUFFER_BYTES = 4 << 20;
/** The largest piece handed on. */
const PIECE_BYTES = 1 << 20;

/**
 * A Node stream that fails forgets what it has buffered: on a connection that is cut every few kilobytes, a
 * download would never get anywhere. This one reads at once, and fails only behind the last byte.
 */
export class ReceivedBody implements AsyncIterable<Buffer> {
  readonly #body: Readable;
  #received: Buffer[] = [];
  #receivedBytes = 0;
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(body: Readable) {
    this.#body = body;
    body.on('data', (chunk: Buffer) => {
      if (this.#ended) return;
      this.#received.push(chunk);
      this.#receivedBytes += chunk.length;
      if (this.#receivedBytes >= BUFFER_BYTES) body.pause();
      this.#wake();
    });
    body.once('end', () => this.#end());
    body.on('error', (error) => this.#fail(error));
    body.once('close', () => {
      if (!body.readableEnded) this.#fail(new Error('the connection closed early'));
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for (;;) {
      if (this.#received.length > 0) yield this.#take();
      else if (this.#ended) break;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#failure) throw this.#failure;
  }

  /** Ends the transfer; a reader gets the error behind the bytes that are here. */
  destroy(error?: Error): void {
    this.#fail(error ?? new Error('no longer wanted'));
    this.#body.destroy();
  }

  /** All that is here, up to the size of a piece. */
  #take(): Buffer {
    let [chunks, bytes] = [0, 0];
    while (chunks < this.#received.length && (chunks === 0 || bytes < PIECE_BYTES)) {
      bytes += this.#received[chunks]!.length;
      chunks += 1;
    }
    const taken = this.#received.splice(0, chunks);
    this.#receivedBytes -= bytes;
    if (this.#receivedBytes < BUFFER_BYTES && this.#body.isPaused()) this.#body.resume();
    return taken.length === 1 ? taken[0]! : Buffer.concat(taken, bytes);
  }

  #fail(error: Error): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
