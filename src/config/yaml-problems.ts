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
  lineOf: (offset: number) => number,
): YamlProblem[] {
  const broken = document.errors.map((error) => ({
    offset: error.pos[0],
    text: inWords(error),
  }));
  const problems = broken.length > 0 ? broken : valid(document, lineOf);
  return problems.filter(
    ({ offset }, index) => problems.findIndex((other) => other.offset === offset) === index,
  );
}

function valid(document: Document, lineOf: (offset: number) => number): YamlProblem[] {
  return [...unknownAliases(document), ...duplicateKeys(document, lineOf)];
}

function inWords({ code, message }: YAMLParseError): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'expected spaces as indentation, found a tab';
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return (
        'what starts here goes on in the next line: expected a colon and a space behind the key, ' +
        'and the same indentation for all keys of an entry'
      );
    case 'MISSING_CHAR':
      return /quote/.test(message)
        ? 'expected a closing quote before here: one was opened further above'
        : message;
    default:
      return message;
  }
}

/** A key that an earlier one of the same map repeats. */
function duplicateKeys(document: Document, lineOf: (offset: number) => number): YamlProblem[] {
  const problems: YamlProblem[] = [];
  visit(document, {
    Map(_, map) {
      const first = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const [name, offset] = [String(key.value), (key as Node).range?.[0] ?? 0];
        const before = first.get(name);
        if (before === undefined) first.set(name, offset);
        else {
          const text = `expected each key once, found a second "${name}"; the first is in line ${lineOf(before)}`;
          problems.push({ offset, text });
        }
      }
    },
  });
  return problems;
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
