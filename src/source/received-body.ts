/** A body that hands on every byte that arrived, also when the connection broke right behind it. */
import { PassThrough, type Readable } from 'node:stream';

const BUFFER_BYTES = 1 << 20;

/**
 * A Node stream that fails forgets what it has buffered: on a connection that is cut every few kilobytes, a
 * download would never get anywhere. This one reads at once, and fails only behind the last byte.
 */
export class ReceivedBody implements AsyncIterable<Buffer> {
  readonly #body: Readable;
  readonly #received = new PassThrough({ highWaterMark: BUFFER_BYTES });
  #failure: Error | undefined;

  constructor(body: Readable) {
    this.#body = body;
    const received = this.#received;
    body.on('data', (chunk: Buffer) => {
      if (received.writable && !received.write(chunk)) body.pause();
    });
    received.on('drain', () => body.resume());
    body.once('end', () => received.end());
    body.on('error', (error) => this.#fail(error));
    body.once('close', () => {
      if (!body.readableEnded) this.#fail(new Error('the connection closed early'));
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const chunk of this.#received) yield chunk as Buffer;
    if (this.#failure) throw this.#failure;
  }

  /** Ends the transfer; a reader gets the error behind the bytes that are here. */
  destroy(error?: Error): void {
    this.#fail(error ?? new Error('no longer wanted'));
    this.#body.destroy();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#received.end();
  }
}
