/** Calls a gRPC server by HTTP/2 alone: a command that only looks whether it is well has no time for a client of it. */
import { Buffer } from 'node:buffer';
import { connect } from 'node:http2';
import { buffer } from 'node:stream/consumers';

/**
 * Gives the messages of the answer as they are, in their frames; nothing for an error, which has none.
 * Rejects when nothing answers. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 * @param method `/package.Service/Method`
 * @param text the first field of the request, shorter than 126 bytes
 */
export async function callGrpc(
  address: string,
  method: string,
  text: string,
  timeoutMs: number,
): Promise<Buffer> {
  const session = connect(`http://${address}`);
  const failed = new Promise<never>((_resolve, reject) => {
    session.once('error', reject);
    session.setTimeout(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  });
  try {
    const stream = session.request({
      ...{ ':method': 'POST', ':path': method },
      ...{ 'content-type': 'application/grpc', te: 'trailers' },
    });
    stream.end(framed(text));
    return await Promise.race([buffer(stream), failed]);
  } finally {
    session.destroy();
  }
}

/** Not compressed, its length, and the field as protobuf has it. */
function framed(text: string): Buffer {
  const field = Buffer.from(text);
  const message = Buffer.from([0x0a, field.length, ...field]);
  return Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
}
