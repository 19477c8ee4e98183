/**
 * A line of a plot, through points of which both numbers are above 0.
 *
 * @typedef {object} Series
 * @property {string} name
 * @property {boolean} [stressed]
 * @property {[x: number, y: number][]} points
 *
 * @typedef {object} Plot
 * @property {string} title
 * @property {string} xLabel
 * @property {string} yLabel
 * @property {Series[]} series
 *
 * Where a number lies on an axis.
 *
 * @typedef {(value: number) => number} Scale
 */

const WIDTH = 860;
const HEIGHT = 460;
const LEFT = 80;
const RIGHT = 620;
const TOP = 50;
const BOTTOM = 400;

/** Light and dark. Each hue is told apart by those who see fewer, and each line has its dashes, too. */
const COLORS = [
  ['#0060a8', '#6cb6ff'],
  ['#b34700', '#ff9e64'],
  ['#00734f', '#56d4a8'],
  ['#a0367c', '#f29ad0'],
  ['#6b5b00', '#e3cf57'],
  ['#4a4a4a', '#c9d1d9'],
];
const DASHES = ['', '8 4', '2 3', '10 3 2 3', '5 5', '1 4'];

const style = [
  'svg { --paper: #ffffff; --ink: #1f2328; --faint: #d0d7de; }',
  ...COLORS.map(([light], i) => `.s${i} { --color: ${light}; }`),
  '@media (prefers-color-scheme: dark) {',
  'svg { --paper: #0d1117; --ink: #e6edf3; --faint: #30363d; }',
  ...COLORS.map(([, dark], i) => `.s${i} { --color: ${dark}; }`),
  '}',
  'text { font: 13px system-ui, sans-serif; fill: var(--ink); }',
  '.title { font-size: 16px; font-weight: 600; }',
  '.paper { fill: var(--paper); }',
  '.grid { stroke: var(--faint); }',
  '.line { stroke: var(--color); stroke-width: 2; fill: none; }',
  '.stressed .line { stroke-width: 3.5; }',
  '.dot { fill: var(--color); }',
].join('\n');

/** @param {string} text */
const escapeText = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** @param {number} value */
const round = (value) => Math.round(value * 10) / 10;

/** @param {number} value */
const label = (value) => value.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {readonly number[]} values @param {number} from @param {number} to @returns {Scale} logarithmic */
function scaleOf(values, from, to) {
  const [least, most] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  const part = (/** @type {number} */ value) =>
    most === least ? 0.5 : (Math.log(value) - least) / (most - least);
  return (value) => round(from + part(value) * (to - from));
}

/** @param {readonly number[]} values @returns {number[]} round numbers around them: 1, 2, 5, 10… */
function ticksAround(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const decades = Array.from({ length: 24 }, (_, i) => 10 ** (i - 9));
  const ticks = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
  const first = ticks.findLastIndex((tick) => tick <= least);
  const last = ticks.findIndex((tick) => tick >= most);
  return ticks.slice(first, Math.max(last, first + 1) + 1);
}

/** @param {readonly number[]} ticks @param {Scale} x */
function drawXAxis(ticks, x) {
  return ticks.map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${BOTTOM}"/>` +
      `<text x="${x(tick)}" y="${BOTTOM + 20}" text-anchor="middle">${label(tick)}</text>`,
  );
}

/** @param {readonly number[]} ticks @param {Scale} y */
function drawYAxis(ticks, y) {
  return ticks.map(
    (tick) =>
      `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text x="${LEFT - 8}" y="${y(tick) + 4}" text-anchor="end">${label(tick)}</text>`,
  );
}

/** @param {Series} series @param {number} place @param {Scale} x @param {Scale} y */
function drawSeries({ name, stressed, points }, place, x, y) {
  const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ');
  const dash = `stroke-dasharray="${DASHES[place % DASHES.length]}"`;
  const dots = points.map(([px, py]) => `<circle class="dot" cx="${x(px)}" cy="${y(py)}" r="4"/>`).join('');
  const height = TOP + 10 + 24 * place;
  const key = `<line class="line" ${dash} x1="${RIGHT + 20}" x2="${RIGHT + 50}" y1="${height}" y2="${height}"/>`;
  const text = `<text x="${RIGHT + 58}" y="${height + 4}">${escapeText(name)}</text>`;
  const line = `<polyline class="line" ${dash} points="${path}"/>`;
  const classes = `s${place % COLORS.length}${stressed ? ' stressed' : ''}`;
  return `<g class="${classes}">${line}${dots}${key}${text}</g>`;
}

/** @param {Plot} plot @returns {string} SVG, with both axes logarithmic */
export function drawPlot({ title, xLabel, yLabel, series }) {
  const points = series.flatMap((each) => each.points);
  const xs = [...new Set(points.map(([px]) => px))];
  const ticks = ticksAround(points.map(([, py]) => py));
  const [x, y] = [scaleOf(xs, LEFT + 20, RIGHT - 20), scaleOf(ticks, BOTTOM, TOP)];
  const middle = (TOP + BOTTOM) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${LEFT}" y="30">${escapeText(title)}</text>`,
    ...drawXAxis(xs, x),
    ...drawYAxis(ticks, y),
    `<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 44}" text-anchor="middle">${escapeText(xLabel)}</text>`,
    `<text transform="translate(20 ${middle}) rotate(-90)" text-anchor="middle">${escapeText(yLabel)}</text>`,
    ...series.map((each, place) => drawSeries(each, place, x, y)),
    '</svg>\n',
  ].join('\n');
}
