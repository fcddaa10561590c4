/** Zip archives made member by member, in the ways that programs write them. */
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

export interface ZipMember {
  readonly name: string;
  readonly content: Buffer;
  /** yazl's; `streamed` writes sizes and CRC behind the data. */
  readonly options?: { compress?: boolean; forceZip64Format?: boolean; streamed?: boolean };
}

export async function zipOf(members: readonly ZipMember[]): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const { name, content, options = {} } of members) {
    const { streamed, ...rest } = options;
    if (streamed) zip.addReadStream(Readable.from([content]), name, rest);
    else zip.addBuffer(content, name, rest);
  }
  zip.end();
  return buffer(zip.outputStream.pipe(new PassThrough()));
}
