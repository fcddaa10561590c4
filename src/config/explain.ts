/** Where in the files the problems of a configuration are: line and column, in the order of the text. */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { ConfigFile } from './config-file.js';
import type { Path } from './problems.js';
import { yamlProblems } from './yaml-problems.js';

export interface PlacedProblem {
  readonly path: Path;
  readonly text: string;
}

export type CarefullyRead = { readonly value: unknown } | { readonly broken: readonly string[] };

/** The value of a text, or what is wrong with it as `file:line:column: what`. */
export function readCarefully(path: string, text: string): CarefullyRead {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const broken = yamlProblems(document, (offset) => lines.linePos(offset).line);
  if (broken.length === 0) return { value: document.toJS() as unknown };
  return { broken: told(path, lines, broken) };
}

/** `file:line:column: what` of each, in the order of the file. */
export function placesOf(
  { path, text }: Pick<ConfigFile, 'path' | 'text'>,
  problems: readonly PlacedProblem[],
): string[] {
  const lines = new LineCounter();
  const document = parse(text, lines);
  const pairsOf = rememberingPairs();
  return told(
    path,
    lines,
    problems.map((problem) => ({
      ...{ offset: offsetOf(document, problem.path, pairsOf), text: problem.text },
    })),
  );
}

function parse(text: string, lineCounter: LineCounter): Document {
  // The package compares each key with all before it; yaml-problems looks for duplicates in one pass.
  return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false });
}

function told(
  path: string,
  lines: LineCounter,
  problems: readonly { offset: number; text: string }[],
): string[] {
  return [...problems]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, text }) => {
      const { line, col } = lines.linePos(offset);
      return `${path}:${line}:${col}: ${text}`;
    });
}

/** Where in the file the deepest existing node of a path starts; a key's own place when it is the last. */
function offsetOf(document: Document, path: Path, pairsOf: PairsOf): number {
  let node: unknown = document.contents;
  let offset = (node as Node | null)?.range?.[0] ?? 0;
  for (const segment of path) {
    if (isSeq(node)) {
      node = node.items[Number(segment)];
      offset = (node as Node | undefined)?.range?.[0] ?? offset;
      continue;
    }
    if (!isMap(node)) break;
    const pair = pairsOf(node).get(String(segment));
    if (!pair) break;
    offset = (pair.key as Node).range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

type PairsOf = (map: YAMLMap) => ReadonlyMap<string, Pair>;

/** Thousands of problems may be below one map. */
function rememberingPairs(): PairsOf {
  const known = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  return (map) => {
    const found =
      known.get(map) ??
      // The first of those that stand twice.
      new Map(
        map.items
          .flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair] as const] : []))
          .reverse(),
      );
    known.set(map, found);
    return found;
  };
}
