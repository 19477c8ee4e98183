/**
 * JavaScript values that C knows by number. A number is never used again; 0 stands for none.
 */
export class References {
  /** @type {Map<number, unknown>} */ #values = new Map();
  #last = 0;

  /** @param {unknown} value */
  add(value) {
    this.#values.set(++this.#last, value);
    return this.#last;
  }

  /** @param {number} number */
  has(number) {
    return this.#values.has(number);
  }

  /** @param {number} number */
  get(number) {
    return this.#values.get(number);
  }

  /** @param {number} number */
  remove(number) {
    this.#values.delete(number);
  }
}
