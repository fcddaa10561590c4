/** Lines of an ARFF header that declare a column, and what its values become. */
import { datePattern } from './date-pattern.js';
import { ArffFault, tokenAt, tokensBetweenBlanks, tokensOf, type Token } from './tokens.js';

export interface Attribute {
  readonly name: string;
  readonly kind: 'numeric' | 'string' | 'nominal' | 'date';
  /** For the catalog. */
  readonly typeName: string;
  /** Where the declaration says more than the values do. */
  readonly declared?: 'VARCHAR';
  /** The values of a nominal one, in order. */
  readonly domain?: readonly string[];
  /** Rewrites a value, where there is a way to; `undefined` for one that is not of the declared type. */
  readonly valueOf: (text: string) => string | undefined;
  /** What a person should know of the declaration, in words. */
  readonly remark?: string;
}

const DECLARATION = /^\s*@attribute\s+/i;
const NAME_END = /[\s{]/g;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(NaN|Infinity)$/;
/** Domains of such words alone are numbers or truths: the proof finds which. */
const NO_TEXT = /^([+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|true|false)$/i;

/** @throws ArffFault for what declares no column, or one of a type that is not read */
export function attributeOf(line: string): Attribute {
  const start = DECLARATION.exec(line)?.[0].length ?? 0;
  const { token, end } = tokenAt(line, start, NAME_END);
  const name = token.text;
  const declared = line.slice(end).trim();
  if (declared.startsWith('{')) return nominal(name, declared);
  const [type = '', ...format] = tokensBetweenBlanks(declared).map(({ text }) => text);
  switch (type.toLowerCase()) {
    case 'numeric':
    case 'real':
    case 'integer':
      return {
        ...{ name, kind: 'numeric', typeName: type.toLowerCase() },
        valueOf: (text) => (NUMBER.test(text) ? text : undefined),
      };
    case 'string':
      return {
        ...{ name, kind: 'string', typeName: 'string', declared: 'VARCHAR' },
        valueOf: (text) => text,
      };
    case 'date':
      return dated(name, format[0]);
    case 'relational':
      throw new ArffFault(
        `a table within a cell (the relational attribute ${JSON.stringify(name)})`,
      );
    default:
      throw new ArffFault(`the attribute ${JSON.stringify(name)} without a type of ARFF`);
  }
}

function nominal(name: string, declared: string): Attribute {
  const inner = /^\{([^]*)\}[^}]*$/.exec(declared)?.[1];
  if (inner === undefined)
    throw new ArffFault(`the values of ${JSON.stringify(name)} without a brace at their end`);
  const between = tokensOf(inner);
  const isSpaced = between.length === 1 && !between[0]!.isQuoted;
  const tokens: Token[] = isSpaced ? tokensBetweenBlanks(inner) : between;
  const domain = tokens.map(({ text }) => text);
  const known = new Set(domain);
  return {
    ...{ name, kind: 'nominal', domain },
    typeName: `nominal (${domain.length})`,
    ...(!domain.every((value) => NO_TEXT.test(value)) && { declared: 'VARCHAR' }),
    valueOf: (text) => (known.has(text) ? text : undefined),
  };
}

function dated(name: string, pattern: string | undefined): Attribute {
  const typeName = pattern === undefined ? 'date' : `date ${JSON.stringify(pattern)}`;
  const read = datePattern(pattern);
  const column = JSON.stringify(name);
  return {
    ...{ name, kind: 'date', typeName, valueOf: read ?? ((text) => text) },
    ...(!read && {
      declared: 'VARCHAR',
      remark: `the dates of column ${column} stay as they are written: their pattern ${JSON.stringify(pattern)} is not read`,
    }),
  };
}
