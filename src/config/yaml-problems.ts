/** What is wrong with the YAML itself, in words that need no knowledge of YAML's grammar. */
import { isScalar, visit, type Document, type Node, type YAMLParseError } from 'yaml';

export interface YamlProblem {
  /** Characters from the start of the file. */
  readonly offset: number;
  readonly text: string;
}

/** Problems of one place are told once: one mistake often breaks several rules of the grammar. */
export function yamlProblems(
  document: Document,
  source: string,
  lineOf: (offset: number) => number,
): YamlProblem[] {
  const broken = document.errors.map((error) => ({
    offset: error.pos[0],
    text: inWords(error, document, source, lineOf),
  }));
  const problems = broken.length > 0 ? broken : unknownAliases(document);
  return problems.filter(
    ({ offset }, index) => problems.findIndex((other) => other.offset === offset) === index,
  );
}

function inWords(
  { code, message, pos }: YAMLParseError,
  document: Document,
  source: string,
  lineOf: (offset: number) => number,
): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'expected spaces as indentation, found a tab';
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return (
        'what starts here goes on in the next line: expected a colon and a space behind the key, ' +
        'and the same indentation for all keys of an entry'
      );
    case 'DUPLICATE_KEY': {
      const key = /^[^:\n]*/.exec(source.slice(pos[0]))?.[0].trim() ?? '';
      const first = firstOf(document, key, pos[0]);
      const where = first === undefined ? '' : `; the first is in line ${lineOf(first)}`;
      return `expected each key once, found a second "${key}"${where}`;
    }
    case 'MISSING_CHAR':
      return /quote/.test(message)
        ? 'expected a closing quote before here: one was opened further above'
        : message;
    default:
      return message;
  }
}

/** Offset of the key that a second one repeats, within the same map. */
function firstOf(document: Document, key: string, second: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_, map) {
      const offsets = map.items
        .filter((pair) => isScalar(pair.key) && String(pair.key.value) === key)
        .map((pair) => (pair.key as Node).range?.[0] ?? 0);
      if (offsets.includes(second)) [found] = offsets;
    },
  });
  return found;
}

/** To YAML, the pattern `*.csv` without quotes is an alias. */
function unknownAliases(document: Document): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      const text = `expected text, or an anchor "&${alias.source}" further above; text that begins with * needs quotes: "*${alias.source}"`;
      problems.push({ offset: alias.range?.[0] ?? 0, text });
    },
  });
  return problems;
}
