/** A published column as the source spelled it, as far as its proof tells. */
import type { ColumnDescription } from '../convert/types.js';
import { quoteIdentifier, quoteText } from '../convert/relation.js';

const WORDS = /^boolean (?<yes>\S+)\/(?<no>\S+)$/;

/** SQL text of the column; NULL is no cell at all. */
export function sourceText({ name, type, proof }: ColumnDescription): string {
  const column = quoteIdentifier(name);
  const words = WORDS.exec(proof.rule)?.groups;
  if (words) {
    const { yes, no } = words as { yes: string; no: string };
    return `CASE WHEN ${column} THEN ${quoteText(yes)} WHEN NOT ${column} THEN ${quoteText(no)} END`;
  }
  if (proof.rule.includes('decimal comma')) return `replace(${column}::VARCHAR, '.', ',')`;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
  return `${column}::VARCHAR`;
}

/**
 * What may be spelled another way than in the source, although its values are equal: the reason with the columns
 * concerned.
 */
export function respelled(columns: readonly ColumnDescription[]): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  const add = (reason: string, name: string): void => {
    found.set(reason, [...(found.get(reason) ?? []), name]);
  };
  for (const { name, type, proof } of columns) {
    if (Object.keys(proof.nullTokens).length > 0) add('words for a missing value are empty', name);
    if (type === 'DOUBLE') add('fractions end with their last digit, whole numbers with .0', name);
    if (proof.rule.startsWith('instant')) add('instants are spelled in one way', name);
  }
  return found;
}
