/** The YAML of thousands of entries, some hundred at a time: between them, the process does its other work. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { CORE_SCHEMA, load } from 'js-yaml';

/** Pieces as they stand in the file, and what they say. */
export type KnownEntries = ReadonlyMap<string, unknown>;

export interface InPieces {
  readonly value: unknown;
  readonly entries: KnownEntries;
}

const OPTIONS = { schema: CORE_SCHEMA } as const;

/** The process's other work has its turn after so long. */
const TURN_MS = 10;

/**
 * Each piece costs as much as some entries. Where one ends is a matter of what stands there: so an entry that comes
 * or goes leaves the pieces behind it as they were.
 */
const ENTRIES_OF_A_PIECE = 128;

/** What reaches beyond an entry, or makes a line something else than it looks: documents, anchors, aliases, tabs. */
const REACHES_FURTHER = /^(?:---|\.\.\.|%)|[&*][\w-]|^[ ]*\t|__proto__/m;

interface Divided {
  /** The file with an empty `datasets`. */
  readonly frame: string;
  readonly pieces: readonly string[];
}

/**
 * Reads a file of plain entries; pieces of `before` are not read again. An entry ends where the next key of its
 * indentation begins; a text or list that goes on beyond that makes a piece without an end, which js-yaml refuses. `undefined` for
 * everything that is not that simple; throws what js-yaml throws.
 */
export async function loadInPieces(
  text: string,
  before: KnownEntries,
): Promise<InPieces | undefined> {
  const divided = divide(text);
  if (!divided) return undefined;
  const entries = new Map<string, unknown>();
  const datasets: Record<string, unknown> = {};
  let turn = performance.now();
  for (const piece of divided.pieces) {
    const value = before.get(piece) ?? load(piece, OPTIONS);
    if (!isKeys(value)) return undefined;
    for (const [name, entry] of Object.entries(value)) {
      if (Object.hasOwn(datasets, name)) return undefined;
      datasets[name] = entry;
    }
    entries.set(piece, value);
    if (performance.now() - turn < TURN_MS) continue;
    await otherWork();
    turn = performance.now();
  }
  const frame = load(divided.frame, OPTIONS);
  return isKeys(frame) ? { value: { ...frame, datasets }, entries } : undefined;
}

function divide(text: string): Divided | undefined {
  if (REACHES_FURTHER.test(text)) return undefined;
  const lines = text.split('\n');
  const heads = lines.flatMap((line, at) => (/^datasets[ ]*:/.test(line) ? [at] : []));
  const [head] = heads;
  if (head === undefined || heads.length > 1) return undefined;
  if (!/^datasets:[ ]*(#.*)?\r?$/.test(lines[head]!)) return undefined;
  const starts: number[] = [];
  let end = head + 1;
  let depth: number | undefined;
  for (; end < lines.length; end += 1) {
    const line = lines[end]!;
    const indent = line.search(/[^ \r]/);
    if (indent === -1 || line[indent] === '#') continue;
    if (indent === 0) break;
    depth ??= indent;
    if (indent > depth) continue;
    if (indent < depth || /[-?:]/.test(line[indent]!)) return undefined;
    if (starts.length === 0 || isBorder(line)) starts.push(end);
  }
  if (starts.length === 0) return undefined;
  const pieces = starts.map((start, at) => lines.slice(start, starts[at + 1] ?? end).join('\n'));
  const frame = [...lines.slice(0, head), 'datasets: {}', ...lines.slice(end)].join('\n');
  return { frame, pieces };
}

function isBorder(line: string): boolean {
  let sum = 0;
  for (let at = 0; at < line.length; at += 1) sum = (31 * sum + line.charCodeAt(at)) % 65_521;
  return sum % ENTRIES_OF_A_PIECE === 0;
}

function isKeys(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
