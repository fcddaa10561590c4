/** How values of one type of Avro are read. */
import type { BlockReader } from './block-reader.js';

/** One type: `text` alone, `json` within lists, maps and records. `null` is a missing value. */
export interface AvroType {
  readonly name: string;
  readonly declared?: string;
  /** Written in hexadecimal. */
  readonly isBinary?: boolean;
  readonly text: (reader: BlockReader) => string | null;
  readonly json: (reader: BlockReader) => string;
}

/** In JSON as it is. */
export function bare(name: string, text: (reader: BlockReader) => string): AvroType {
  return { name, text, json: text };
}

/** In JSON between quotes. */
export function quoted(name: string, text: (reader: BlockReader) => string): AvroType {
  return { name, declared: 'VARCHAR', text, json: (reader) => JSON.stringify(text(reader)) };
}
