/** The column types that `columns:` can pin. */

/** Each name that can be pinned, and the DuckDB type it means. `DECIMAL(precision, scale)` besides. */
export const PINNABLE: Readonly<Record<string, string>> = {
  ...{ VARCHAR: 'VARCHAR', TEXT: 'VARCHAR', STRING: 'VARCHAR' },
  ...{ BOOLEAN: 'BOOLEAN', BOOL: 'BOOLEAN' },
  ...{ TINYINT: 'TINYINT', SMALLINT: 'SMALLINT', INTEGER: 'INTEGER', INT: 'INTEGER' },
  ...{
    BIGINT: 'BIGINT',
    HUGEINT: 'DECIMAL(38,0)',
    FLOAT: 'FLOAT',
    REAL: 'FLOAT',
    DOUBLE: 'DOUBLE',
  },
  ...{ DATE: 'DATE', TIME: 'TIME', TIMESTAMP: 'TIMESTAMP' },
  TIMESTAMPTZ: 'TIMESTAMP WITH TIME ZONE',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP WITH TIME ZONE',
};

/** For messages: completes "expected ...". */
export const PINNABLE_TYPES = `one of ${Object.keys(PINNABLE).join(', ')}, or DECIMAL(precision, scale)`;

/** Undefined for a type that is no decimal, and for a decimal that DuckDB does not have. */
export function pinnedDecimal(type: string): { precision: number; scale: number } | undefined {
  const match = /^(?:DECIMAL|NUMERIC)\((\d+), *(\d+)\)$/.exec(type.trim().toUpperCase());
  const [precision, scale] = [Number(match?.[1]), Number(match?.[2])];
  return precision <= 38 && scale <= precision ? { precision, scale } : undefined;
}

/** The DuckDB type that a name means; undefined for a decimal, and for what cannot be pinned. */
export function pinnedType(type: string): string | undefined {
  const name = type.trim().toUpperCase();
  return Object.hasOwn(PINNABLE, name) ? PINNABLE[name] : undefined;
}

export function isPinnable(type: string): boolean {
  return (pinnedType(type) ?? pinnedDecimal(type)) !== undefined;
}

const NUMERIC = /^(TINYINT|SMALLINT|INTEGER|BIGINT|FLOAT|DOUBLE|DECIMAL.*)$/;

/** A type of numbers. */
export function isNumeric(type: string): boolean {
  return pinnedDecimal(type) !== undefined || NUMERIC.test(pinnedType(type) ?? '');
}

/** A type that `format` can be pinned for. */
export function isTemporal(type: string): boolean {
  return /^(DATE|TIME)/.test(pinnedType(type) ?? '');
}
