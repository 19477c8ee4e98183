import { formatValue, nameOf } from './table.js';

/** @import { Measurement } from './bench.js' */

/**
 * What a figure should be at most: that of ours, or its part of a peer's.
 *
 * @typedef {object} Goal
 * @property {string} bench
 * @property {string} system ours for a value, a peer for a ratio
 * @property {number} [depth]
 * @property {number} [n]
 * @property {number} atMost
 */

const OURS = 'greenlet-wasm';

/** @param {Omit<Goal, 'depth' | 'atMost'>} common @param {[depth: number, atMost: number][]} limits */
const atDepths = (common, limits) => limits.map(([depth, atMost]) => ({ ...common, depth, atMost }));

/** @param {string} system @param {[depth: number, atMost: number][]} limits */
const pingPong = (system, limits) => atDepths({ bench: 'ping-pong', system }, limits);

/** @type {Goal[]} */
export const goals = [
  ...pingPong('generators', [
    [1, 0.45],
    [8, 0.35],
    [32, 0.3],
  ]),
  ...pingPong('Emscripten fibers', [
    [1, 1 / 20],
    [8, 1 / 8],
    [32, 1 / 5],
  ]),
  ...['JSPI', 'wasm stack switching'].flatMap((system) =>
    pingPong(system, [
      [1, 1],
      [8, 1],
      [16, 1],
    ]),
  ),
  { bench: 'native switch of contexts', system: 'Boost fcontext', atMost: 1 },
  { bench: 'native ping-pong', system: 'Boost fcontext', atMost: 2.5 },
  { bench: 'create, run, finish', system: 'async functions', atMost: 1 },
  { bench: 'spawn and join', system: 'gevent', atMost: 1 / 50 },
  { bench: 'yield among 100', system: 'gevent', atMost: 1 / 15 },
  { bench: 'queue ping-pong', system: 'gevent', atMost: 1 / 15 },
  { bench: 'sleeping tasks', system: OURS, n: 1_000_000, atMost: 700 },
  { bench: 'bare greenlets', system: OURS, n: 4_000_000, atMost: 2 ** 32 / 4_000_000 },
  { bench: 'await', system: 'async functions', n: 1, atMost: 3 },
  { bench: 'await', system: 'async functions', n: 100, atMost: 2 },
  { bench: 'await', system: 'async functions', n: 1000, atMost: 2 },
  { bench: 'sleepers, CPU', system: 'async functions', atMost: 0.25 },
  { bench: 'sleepers, memory', system: 'async functions', atMost: 0.5 },
  { bench: 'idle while they sleep', system: OURS, atMost: 1 },
  { bench: 'load a module', system: 'instantiateStreaming', atMost: 1.2 },
];

/** @param {Goal} goal @param {readonly Measurement[]} measurements @returns {Measurement | undefined} what it is about */
export function findMeasured({ bench, system, depth, n }, measurements) {
  return measurements.find(
    (each) =>
      each.bench === bench &&
      each.system === system &&
      (depth === undefined || each.depth === depth) &&
      (n === undefined || each.n === n),
  );
}

/** @param {Goal} goal @param {Measurement | undefined} measured @returns {{ measured: string, verdict: string }} */
export function judge({ system, atMost }, measured) {
  const figure = system === OURS ? measured?.value : measured?.ratio;
  if (figure === undefined) return { measured: '–', verdict: 'not measured' };
  const verdict = figure <= atMost ? 'met' : `missed: ${formatValue(figure / atMost)} times as much`;
  return { measured: formatValue(figure), verdict };
}

/** @param {Goal} goal @param {Measurement | undefined} measured @returns {string} */
export function describeGoal(goal, measured) {
  const { system, n, atMost } = goal;
  const limit = formatValue(atMost);
  const count = n ? `, ${n.toLocaleString('en')}` : '';
  const name = `${nameOf(goal)}${count}`;
  return system === OURS
    ? `${name}: at most ${limit}${measured ? ` ${measured.unit}` : ''}`
    : `${name}: at most ${limit} of ${system}`;
}
