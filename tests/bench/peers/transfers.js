/** Several who wait for a promise each, and hand numbers round: who settles the next one's awaits a new one. */
export class Transfers {
  /** @type {((value: number) => void)[]} */
  #resolvers = [];
  #count;

  /** @param {number} count */
  constructor(count) {
    this.#count = count;
  }

  /**
   * @param {number} place whose
   * @param {number} value for who comes after it; -1: for nobody yet
   * @returns {Promise<number>} what comes to that place
   */
  transfer(place, value) {
    if (value >= 0) this.#resolvers[place + 1 < this.#count ? place + 1 : 0](value);
    return new Promise((resolve) => (this.#resolvers[place] = resolve));
  }

  /** @param {(place: number) => Promise<number>} start @param {number} last @returns {Promise<number>} what came last */
  async run(start, last) {
    const all = Array.from({ length: this.#count }, (_, place) => start(place));
    this.#resolvers[0](0);
    const value = await Promise.race(all);
    for (const resolve of this.#resolvers) resolve(last);
    await Promise.all(all);
    return value;
  }
}
