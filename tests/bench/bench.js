/**
 * @typedef {object} Measurement
 * @property {string} bench
 * @property {string} system whose figure it is
 * @property {number} n how many, or how often
 * @property {number} [depth] frames between entry and switch
 * @property {number} value a median where there was more than one run
 * @property {string} unit
 * @property {number} [ratio] of a peer: how much of its figure ours is, the median within one round
 *
 * @typedef {Omit<Measurement, 'system' | 'value' | 'ratio'>} Measured
 *
 * One of those that are compared. The first of them is ours.
 *
 * @typedef {object} Contestant
 * @property {string} system
 * @property {string | null} [missing] why it cannot run here
 * @property {number} [n] if it does less than the others
 * @property {() => number | Promise<number>} run does it once, checks what came out, and gives a figure
 */

const ROUNDS = 7;

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A run of benches: what it has found so far. */
export class Bench {
  /** @type {Measurement[]} */
  measurements = [];
  /** Systems that are not here, and why. @type {Map<string, string>} */
  absent = new Map();
  /** Whether counts are too small for figures that mean something. */
  quick;
  #say;

  /**
   * @param {boolean} quick
   * @param {(measurement: Measurement) => void} say is told of each
   */
  constructor(quick, say) {
    this.quick = quick;
    this.#say = say;
  }

  /** @param {number} count @param {number} [few] @returns {number} how often something is done in this run */
  times(count, few = 20) {
    return this.quick ? Math.min(count, few) : count;
  }

  /** @template T @param {readonly T[]} series @returns {readonly T[]} of which a quick run does the first */
  series(series) {
    return this.quick ? series.slice(0, 1) : series;
  }

  /** @param {Measurement} measurement whose ratio is left out if the peer took too little to be seen */
  report({ ratio, ...rest }) {
    const measurement = Number.isFinite(ratio) ? { ...rest, ratio } : rest;
    this.measurements.push(measurement);
    this.#say(measurement);
  }

  /**
   * Runs systems by turns, so that whatever else the machine does meets all of them.
   *
   * @param {Measured} measured
   * @param {readonly Contestant[]} contestants
   * @param {number} [rounds] after one that does not count
   */
  async race(measured, contestants, rounds = ROUNDS) {
    const here = contestants.filter(({ missing }) => !missing);
    for (const { system, missing } of contestants) if (missing) this.absent.set(system, missing);
    const figures = await this.#runByTurns(here, rounds);
    here.forEach(({ system, n = measured.n }, i) => {
      const value = median(figures.map((round) => round[i]));
      const ratio = median(figures.map((round) => round[0] / round[i]));
      const isOurs = here[i] === contestants[0];
      const compared = !isOurs && here[0] === contestants[0];
      this.report({ ...measured, n, system, value, ...(compared && { ratio }) });
    });
  }

  /** @param {readonly Contestant[]} contestants @param {number} rounds @returns {Promise<number[][]>} figures of each round */
  async #runByTurns(contestants, rounds) {
    const figures = [];
    for (let round = this.quick ? rounds : 0; round <= rounds; round++) {
      const figure = [];
      for (const { run } of contestants) figure.push(await run());
      figures.push(figure);
    }
    return figures.length > 1 ? figures.slice(1) : figures;
  }
}
