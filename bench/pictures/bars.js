/** Lying bars: one value each with its range, or several parts one behind the other. */
import {
  box,
  GREY,
  legend,
  LINE,
  MARGIN,
  path,
  picture,
  steps,
  text,
  WIDTH,
  widthOf,
} from './svg.js';

const TOP = 44;
const BAR = 20;
const PITCH = 34;
const END = 90;

/**
 * @param rows [{ name, value, range: [least, most], own }]: `own` is what the picture is about
 * @param unit stands behind every figure
 */
export function bars({ title, unit, rows }) {
  const most = Math.max(...rows.map(({ value, range }) => Math.max(value, range?.[1] ?? 0)));
  const { parts, bottom, x } = ruled(rows, most, unit);
  for (const [at, { value, range, own }] of rows.entries()) {
    const y = TOP + at * PITCH;
    parts.push(box(x(0), y, x(value) - x(0), BAR, `f${own ? 0 : GREY}`));
    const middle = y + BAR / 2;
    if (range && range[1] > range[0])
      parts.push(
        path(
          range.map((end) => [x(end), middle]),
          'range',
        ),
      );
    const end = Math.max(x(value), x(range?.[1] ?? 0));
    parts.push(text(end + 6, middle + 5, `${value} ${unit}`));
  }
  const description = rows.map(
    ({ name, value, range }) =>
      `${name}: ${value} ${unit}${range ? ` (${range[0]} to ${range[1]})` : ''}`,
  );
  return picture({ title, description: description.join('; '), height: bottom + MARGIN, parts });
}

/**
 * @param rows [{ name, total, parts: { [part]: value } }]: a part has the same colour in all of them.
 * The total is measured by itself, and need not be the sum of medians.
 */
export function stacks({ title, unit, rows }) {
  const names = [...new Set(rows.flatMap(({ parts }) => Object.keys(parts)))];
  const sumOf = (parts) => Object.values(parts).reduce((sum, value) => sum + value, 0);
  const most = Math.max(...rows.map((row) => sumOf(row.parts)));
  const { parts, bottom, x } = ruled(rows, most, unit);
  for (const [at, row] of rows.entries()) {
    const y = TOP + at * PITCH;
    let from = 0;
    for (const [name, value] of Object.entries(row.parts)) {
      const [left, width] = [x(from), x(from + value) - x(from)];
      // A gap of a pixel tells neighbours apart where colours do not.
      parts.push(
        box(left, y, Math.max(width - 1, 0.5), BAR, `f${names.indexOf(name) % (GREY + 1)}`),
      );
      const label = value.toFixed(1);
      if (width > widthOf(label) + 6)
        parts.push(text(left + width / 2, y + 15, label, { anchor: 'middle', kind: 'inside' }));
      from += value;
    }
    parts.push(text(x(from) + 6, y + 15, `${row.total} ${unit}`));
  }
  const key = legend(names, bottom + LINE, (left, y, at) =>
    box(left, y - 10, 12, 12, `f${at % (GREY + 1)}`),
  );
  const description = rows.map(
    (row) =>
      `${row.name}: ${row.total} ${unit}, of which ${Object.entries(row.parts)
        .map(([name, value]) => `${name} ${value} ${unit}`)
        .join(', ')}`,
  );
  return picture({
    title,
    description: description.join('; '),
    height: key.bottom + MARGIN,
    parts: [...parts, ...key.drawn],
  });
}

/** Names on the left, rules with their figures below. */
function ruled(rows, most, unit) {
  const left = MARGIN + Math.max(...rows.map(({ name }) => widthOf(name))) + 8;
  const marks = steps(most);
  const scale = (WIDTH - MARGIN - END - left) / marks.at(-1);
  const x = (value) => left + value * scale;
  const end = TOP + rows.length * PITCH - PITCH + BAR + 8;
  const parts = marks.flatMap((mark) => [
    path(
      [
        [x(mark), TOP - 6],
        [x(mark), end],
      ],
      'rule',
    ),
    text(x(mark), end + 14, mark, { anchor: 'middle', kind: 'quiet' }),
  ]);
  parts.push(text(WIDTH - MARGIN, end + 14, unit, { anchor: 'end', kind: 'quiet' }));
  for (const [at, { name }] of rows.entries())
    parts.push(text(left - 8, TOP + at * PITCH + 15, name, { anchor: 'end' }));
  return { parts, x, bottom: end + 18 };
}
