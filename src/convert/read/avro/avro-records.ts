/** The records of an Avro file, block after block. */
import { asUnreadable, Damage, tellingDamage } from '../binary/damage.js';
import { positionedName } from '../canonical-csv.js';
import type { RecordReader, SourceRecord } from '../record.js';
import { blocksOf, readAvroHeader, type AvroHeader } from './container.js';
import { fieldsOf, type AvroField } from './schema.js';

const EXPECTED = 'an Avro file, its blocks plain or compressed by deflate, Snappy or Zstandard';

/** Texts stay texts, decimals decimals; lists, maps and records are JSON, binary values hexadecimal. @throws FORMAT_UNREADABLE */
export async function avroRecords(absolutePath: string, place: string): Promise<RecordReader> {
  try {
    const header = await readAvroHeader(absolutePath);
    const fields = fieldsOf(header.schema);
    if (fields.length === 0) throw new Damage('a record without fields');
    return {
      columns: fields.map(({ name }, at) => positionedName(name, at)),
      originalTypes: fields.map(({ type }) => type.name),
      declaredTypes: fields.map(({ type }) => type.declared),
      dialect: { codec: header.codec },
      source: tellingDamage(() => records(absolutePath, header, fields), place, EXPECTED),
    };
  } catch (error) {
    throw asUnreadable(error, place, EXPECTED);
  }
}

async function* records(
  absolutePath: string,
  header: AvroHeader,
  fields: readonly AvroField[],
): AsyncGenerator<SourceRecord> {
  for (const { name, type } of fields) {
    const column = JSON.stringify(name);
    if (type.isBinary)
      yield { remark: `the binary values of column ${column} are written in hexadecimal` };
  }
  const keys = fields.map(({ name }, at) => positionedName(name, at));
  let line = 0;
  for await (const { records: count, reader } of blocksOf(absolutePath, header)) {
    for (let left = count; left > 0; left -= 1) {
      const before = reader.at;
      line += 1;
      const cells = new Map<string, string | null>();
      for (const [at, { type }] of fields.entries()) cells.set(keys[at]!, type.text(reader));
      reader.moved(before);
      const bytes = reader.at - before;
      if (reader.isBroken) {
        const raw = reader.block.toString('latin1', before, reader.at);
        yield { bytes, reject: { line, reason: 'a text that is not UTF-8', raw } };
        reader.isBroken = false;
      } else yield { bytes, cells };
    }
    if (reader.at !== reader.block.length) throw new Damage('a block of more than its records');
  }
}
