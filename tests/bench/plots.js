import { drawPlot } from './plot.js';

/** @import { Measurement } from './bench.js' */
/** @import { Series } from './plot.js' */

const OURS = 'greenlet-wasm';

const plots = [
  {
    file: 'switch-by-depth.svg',
    title: 'A switch, by the depth of both stacks',
    over: 'depth',
    benches: ['ping-pong'],
  },
  {
    file: 'memory-by-count.svg',
    title: 'Memory of what is parked',
    over: 'n',
    benches: ['sleeping tasks', 'bare greenlets'],
  },
  {
    file: 'waking-by-count.svg',
    title: 'Going on to the end after having been parked',
    over: 'n',
    benches: ['sleeping tasks, woken', 'bare greenlets, woken'],
  },
  { file: 'await-by-count.svg', title: 'Waiting for a settled promise', over: 'n', benches: ['await'] },
];

const labels = { depth: 'frames between entry and switch', n: 'how many at once' };

/** @param {string} bench @param {string} system @param {number} benches how many share the plot */
const seriesName = (bench, system, benches) =>
  benches > 1 && system === OURS ? bench.replace(', woken', '') : system;

/**
 * @param {readonly Measurement[]} measurements
 * @param {'depth' | 'n'} over
 * @param {readonly string[]} benches
 * @returns {Series[]}
 */
function collectSeries(measurements, over, benches) {
  /** @type {Map<string, Series>} */
  const all = new Map();
  for (const bench of benches)
    for (const { system, value, ...rest } of measurements.filter((each) => each.bench === bench)) {
      const name = seriesName(bench, system, benches.length);
      const series = all.get(name) ?? { name, stressed: system === OURS, points: [] };
      all.set(name, series);
      series.points.push([rest[over] ?? 0, value]);
    }
  return [...all.values()];
}

/** @param {readonly Measurement[]} measurements @returns {Map<string, string>} SVG by file name, of what was measured */
export function drawPlots(measurements) {
  const drawn = new Map();
  for (const { file, title, over, benches } of plots) {
    const axis = /** @type {'depth' | 'n'} */ (over);
    const series = collectSeries(measurements, axis, benches);
    const unit = measurements.find(({ bench }) => bench === benches[0])?.unit;
    if (unit) drawn.set(file, drawPlot({ title, xLabel: labels[axis], yLabel: unit, series }));
  }
  return drawn;
}
