/** Writes Avro object container files, with the ids that Iceberg wants beside the names of fields. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import avro, { type Schema } from 'avsc';

/** A schema as JSON; attributes that Avro does not know, such as `field-id`, reach the file. */
export type AvroSchema = Schema;

/** The same records give the same bytes. */
export async function encodeContainer(
  schema: AvroSchema,
  records: readonly object[],
  metadata: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const options = {
    codec: 'deflate',
    writeHeader: 'always' as const,
    metadata: Object.fromEntries(
      Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text)]),
    ),
    // Where the library would draw lots.
    syncMarker: createHash('md5').update(JSON.stringify(metadata)).digest(),
  };
  const encoder = new avro.streams.BlockEncoder(schema, options);
  const encoded = buffer(encoder);
  for (const record of records) if (!encoder.write(record)) await once(encoder, 'drain');
  encoder.end();
  return encoded;
}

/** A field that is always there. */
export function required(id: number, name: string, type: AvroSchema) {
  return { name, type, 'field-id': id };
}

export function optional(id: number, name: string, type: AvroSchema) {
  return { name, type: ['null', type] as AvroSchema, default: null, 'field-id': id };
}

/** Avro's maps have texts as keys: a map by field id is a list of pairs. */
export function mapById(keyId: number, valueId: number, value: 'long' | 'bytes'): AvroSchema {
  const fields = [required(keyId, 'key', 'int'), required(valueId, 'value', value)];
  const items: AvroSchema = { type: 'record', name: `k${keyId}_v${valueId}`, fields };
  const array = { type: 'array' as const, items, logicalType: 'map' };
  return array;
}
