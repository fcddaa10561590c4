/** The type of a column in the terms of Croissant. */
import { parseDuckDbType, type DuckDbType } from '../../iceberg/duckdb-type.js';

export interface FieldType {
  /** https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html#data-types */
  readonly dataType: string;
  /** A list of any number of values of it. */
  readonly isArray: boolean;
}

/** Of a struct, a map or a list of them there is none: mlcroissant 1.1 loads no record of such a field. */
export function fieldType(type: string): FieldType | undefined {
  const parsed = parseDuckDbType(type);
  // A type that is spelled in a way of its own, such as ENUM('a'), is one of texts.
  if (!parsed) return { dataType: 'sc:Text', isArray: false };
  if (parsed.kind === 'plain') return { dataType: plainType(parsed), isArray: false };
  if (parsed.kind === 'list' && parsed.element.kind === 'plain') {
    return { dataType: plainType(parsed.element), isArray: true };
  }
  return undefined;
}

function plainType({ name }: Extract<DuckDbType, { kind: 'plain' }>): string {
  if (/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/.test(name)) return 'sc:Integer';
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)$/.test(name)) return 'sc:Float';
  if (name === 'BOOLEAN') return 'sc:Boolean';
  if (name === 'DATE') return 'sc:Date';
  if (name.startsWith('TIMESTAMP')) return 'sc:DateTime';
  if (name.startsWith('TIME')) return 'sc:Time';
  return 'sc:Text';
}
