/** Lines of ARFF data as rows: dense ones and sparse ones. */
import type { Attribute } from './attribute.js';
import { ArffFault, tokensBetweenBlanks, tokensOf, type Token } from './tokens.js';

export interface Row {
  /** One a column; `undefined` where a sparse row leaves it out. */
  readonly tokens: ReadonlyArray<Token | undefined>;
  readonly hasWeight: boolean;
}

const SPARSE = /^\s*\{([^]*?)\}\s*(,\s*\{[^{}]*\}\s*)?$/;
const WEIGHT = /^\{[^{}]*\}$/;

/** @throws ArffFault */
export function rowOf(line: string, columns: number): Row {
  const [, sparse, weight] = SPARSE.exec(line) ?? [];
  if (sparse !== undefined) return { tokens: sparseTokens(sparse, columns), hasWeight: !!weight };
  const found = withoutWeight(tokensOf(line), columns);
  if (found.tokens.length === columns) return found;
  const spaced = withoutWeight(tokensBetweenBlanks(line), columns);
  if (spaced.tokens.length === columns) return spaced;
  const { length } = found.tokens;
  throw new ArffFault(`${length} ${length === 1 ? 'value' : 'values'}, expected ${columns}`);
}

function withoutWeight(tokens: readonly Token[], columns: number): Row {
  const last = tokens.at(-1);
  const hasWeight = tokens.length === columns + 1 && !last!.isQuoted && WEIGHT.test(last!.text);
  return { tokens: hasWeight ? tokens.slice(0, -1) : tokens, hasWeight };
}

/** `1 5.1, 3 'a b'`: a number of a column, from 0, and its value. */
function sparseTokens(inner: string, columns: number): Array<Token | undefined> {
  const tokens = new Array<Token | undefined>(columns).fill(undefined);
  const between = tokensBetweenBlanks(inner);
  if (between.length % 2 !== 0) throw new ArffFault('a number of a column without its value');
  for (let at = 0; at < between.length; at += 2) {
    const column = Number(between[at]!.text);
    if (!Number.isInteger(column) || column < 0 || column >= columns)
      throw new ArffFault('a number of a column that there is not');
    if (tokens[column]) throw new ArffFault(`column ${column} twice`);
    tokens[column] = between[at + 1]!;
  }
  return tokens;
}

/** What Weka takes for a value that a sparse row leaves out: zero, which is the first of a domain. */
export function leftOut({ kind, domain }: Attribute): string | null {
  if (kind === 'numeric') return '0';
  return domain?.[0] ?? null;
}
