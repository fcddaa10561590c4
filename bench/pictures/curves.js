/** Lines over time, or over any other number. */
import {
  DASHES,
  COLOURS,
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

const TOP = 62;
const BOTTOM = 282;

/**
 * @param x what its figures are, with their unit
 * @param y the same
 * @param lines [{ name, points: [[x, y], ...], marked }]: `marked` points have a dot and their figure
 */
export function curves({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const [across, upward] = [0, 1].map((at) => steps(Math.max(...points.map((point) => point[at]))));
  const left = MARGIN + Math.max(...upward.map((mark) => widthOf(mark.toLocaleString('en')))) + 8;
  const right = WIDTH - MARGIN - 20;
  const toX = (value) => left + ((right - left) * value) / across.at(-1);
  const toY = (value) => BOTTOM - ((BOTTOM - TOP) * value) / upward.at(-1);
  const parts = [text(MARGIN, TOP - 14, y, { kind: 'quiet' })];
  for (const mark of upward)
    parts.push(
      path(
        [
          [left, toY(mark)],
          [right, toY(mark)],
        ],
        'rule',
      ),
      text(left - 6, toY(mark) + 4, mark.toLocaleString('en'), { anchor: 'end', kind: 'quiet' }),
    );
  for (const mark of across)
    parts.push(text(toX(mark), BOTTOM + 18, mark, { anchor: 'middle', kind: 'quiet' }));
  parts.push(text(right, BOTTOM + 36, x, { anchor: 'end', kind: 'quiet' }));
  for (const [at, line] of lines.entries()) {
    const [colour, dash] = [at % COLOURS, DASHES[at % DASHES.length]];
    const drawn = line.points.map(([one, other]) => [toX(one), toY(other)]);
    parts.push(path(drawn, `line s${colour}`, dash));
    if (!line.marked) continue;
    for (const [index, [px, py]] of drawn.entries())
      parts.push(
        `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="4" class="f${colour}"/>`,
        text(px, py - 10, line.points[index][1], { anchor: 'middle' }),
      );
  }
  const key = legend(
    lines.map(({ name }) => name),
    BOTTOM + 36 + LINE,
    (from, at, index) =>
      path(
        [
          [from, at - 4],
          [from + 14, at - 4],
        ],
        `line s${index % COLOURS}`,
        DASHES[index % DASHES.length],
      ),
  );
  const told = lines.map(({ name, points: [...all], marked }) => {
    if (marked) return `${name}: ${all.map(([one, other]) => `${one}: ${other}`).join(', ')}`;
    const [highest] = all.sort((a, b) => b[1] - a[1]);
    return `${name}: at most ${highest[1]}, at ${highest[0]}`;
  });
  return picture({
    title,
    description: `${y} by ${x}. ${told.join('; ')}`,
    height: key.bottom + MARGIN,
    parts: [...parts, ...key.drawn],
  });
}
