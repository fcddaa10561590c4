/** The living lines of a terminal: one a dataset, below each other, in the columns that there are. */
import type { ProgressView } from '../progress-view.js';

export interface LiveLine extends ProgressView {
  readonly dataset: string;
  /** Instead of speed and time left: what holds it up. */
  readonly heldUp?: string;
}

const BAR = 20;
/** Longer names are cut, so that what moves has its place. */
const MAX_NAME = 28;
/** From the first to go on a narrow terminal. */
const DROPPED = ['bar', 'rate', 'amount', 'left', 'percent'] as const;
const ORDER = ['dataset', 'stage', 'percent', 'bar', 'amount', 'rate', 'left'] as const;
type Field = (typeof ORDER)[number];

/** None is longer than `columns`, which leaves the last one free: a full row wraps on some terminals. */
export function liveLines(lines: readonly LiveLine[], columns: number): string[] {
  const width = Math.max(1, columns - 1);
  const cells = lines.map(cellsOf);
  let fields: readonly Field[] = ORDER.filter((field) => cells.some((line) => line[field] !== ''));
  const widthOf = (field: Field): number => Math.max(...cells.map((line) => line[field].length));
  const total = (): number =>
    fields.reduce((sum, field) => sum + widthOf(field), 2 * (fields.length - 1));
  for (const field of DROPPED) {
    if (total() <= width) break;
    fields = fields.filter((other) => other !== field);
  }
  return cells.map((line, index) => {
    const { heldUp } = lines[index]!;
    // In no column of its own: it must not take the others' room.
    const own = heldUp === undefined ? fields : fields.slice(0, 2);
    const texts = own.map((field) =>
      field === 'percent' || field === 'rate'
        ? line[field].padStart(widthOf(field))
        : line[field].padEnd(widthOf(field)),
    );
    return cut([...texts, heldUp ?? ''].join('  ').trimEnd(), width);
  });
}

function cellsOf(line: LiveLine): Record<Field, string> {
  const { dataset, stage, part } = line;
  const { percent = '', amount = '', rate = '', left = '' } = line.heldUp === undefined ? line : {};
  return {
    dataset: cut(dataset, MAX_NAME),
    stage: part ?? stage,
    bar: percent === '' ? '' : barOf(Number.parseInt(percent, 10)),
    ...{ percent, amount, rate, left },
  };
}

function barOf(percent: number): string {
  const full = Math.round((BAR * percent) / 100);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
}

export function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 2))}..`.slice(0, width);
}
