/**
 * Draws one picture as SVG: its frame, its words and its colours. It stands on ground of its own, so its text can be
 * read wherever it is shown, and takes the dark colours where the reader prefers those.
 */

export const WIDTH = 760;
export const MARGIN = 16;
export const LINE = 18;
/** Of the usual sans-serif at this size: an estimate that has to be no smaller than what browsers draw. */
const FONT_SIZE = 13;
const CHARACTER = 7.2;

/** Each colour by its class, in light and in dark; 3 to 1 at least against its ground. */
const SERIES = [
  ['#0969da', '#4493f8'],
  ['#bc4c00', '#db6d28'],
  ['#1a7f37', '#3fb950'],
  ['#8250df', '#ab7df8'],
  ['#9a6700', '#d29922'],
  ['#bf3989', '#db61a2'],
  ['#1b7c83', '#39c5cf'],
  ['#57606a', '#9198a1'],
];
export const COLOURS = SERIES.length;
/** So that lines are told apart without colours, too. */
export const DASHES = ['', '7 3', '2 3', '9 3 2 3', '4 4', '12 4', '1 2', '6 2 2 2'];
/** The index of the colour for those who are not us. */
export const GREY = COLOURS - 1;

function styles(at) {
  const [ground, words, quiet, rule] = [
    ['#ffffff', '#0d1117'],
    ['#1f2328', '#e6edf3'],
    ['#59636e', '#9198a1'],
    ['#d1d9e0', '#3d444d'],
  ].map((pair) => pair[at]);
  const series = SERIES.map((pair, index) => [
    `.f${index}{fill:${pair[at]}}`,
    `.s${index}{stroke:${pair[at]}}`,
  ]);
  return [
    `.ground{fill:${ground};stroke:${rule}}`,
    `text{fill:${words}}`,
    `.quiet{fill:${quiet}}`,
    `.inside{fill:${ground}}`,
    `.rule{stroke:${rule}}`,
    `.range{stroke:${words}}`,
    ...series.flat(),
  ].join('');
}

export const escape = (text) =>
  String(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** In pixels, at most. */
export const widthOf = (words) => CHARACTER * String(words).length;

const shortened = (number) => Number(number.toFixed(1));

export function text(x, y, words, { anchor = 'start', kind } = {}) {
  const as = `${kind ? ` class="${kind}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${shortened(x)}" y="${shortened(y)}"${as}>${escape(words)}</text>`;
}

export function box(x, y, width, height, kind) {
  const size = `width="${shortened(width)}" height="${shortened(height)}"`;
  return `<rect x="${shortened(x)}" y="${shortened(y)}" ${size} class="${kind}"/>`;
}

/** @param points pairs of pixels */
export function path(points, kind, dash = '') {
  const d = points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${shortened(x)} ${shortened(y)}`);
  const dashes = dash && ` stroke-dasharray="${dash}"`;
  return `<path d="${d.join('')}" fill="none" class="${kind}"${dashes}/>`;
}

/** Names in rows below each other, with the sign that `sign(x, y, index)` draws before each. */
export function legend(names, top, sign) {
  let [x, y] = [MARGIN, top];
  const drawn = names.flatMap((name, index) => {
    const width = 28 + widthOf(name);
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + LINE];
    const one = [sign(x, y, index), text(x + 18, y, name)];
    x += width;
    return one;
  });
  return { drawn, bottom: y };
}

/** Round numbers from 0 to `most` or above it, four to six of them. */
export function steps(most) {
  const rough = Math.max(most, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= rough);
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(6)));
}

/**
 * @param description What those read who do not see the picture: its figures.
 * @param parts Pieces of SVG below the title, which takes the first 40 pixels.
 */
export function picture({ title, description, height, parts }) {
  const name = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${Math.ceil(height)}" width="${WIDTH}" height="${Math.ceil(height)}" role="img" aria-labelledby="${name}-title ${name}-desc">`,
    `<title id="${name}-title">${escape(title)}</title>`,
    `<desc id="${name}-desc">${escape(description)}</desc>`,
    `<style>text{font:${FONT_SIZE}px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}.title{font-weight:600;font-size:15px}.line{stroke-width:2}.range{stroke-width:1.5}${styles(0)}@media (prefers-color-scheme:dark){${styles(1)}}</style>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${Math.ceil(height) - 1}" rx="6" class="ground"/>`,
    text(MARGIN, 26, title, { kind: 'title' }),
    ...parts,
    '</svg>',
  ].join('\n')}\n`;
}
