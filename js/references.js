/**
 * A value that C knows by number. Whoever serves C with it may hang on it what has to be done when the number ends.
 *
 * @template [T=unknown]
 */
export class Lent {
  /** @type {(() => void) | undefined} called once, when the number ends */ end;
  /** @type {any} of whoever serves C with it */ state;

  /** @param {T} value @param {Set<number>} [lender] the numbers of the call that it ends with */
  constructor(value, lender) {
    /** The value. */
    this.value = value;
    this.lender = lender;
  }
}

/**
 * JavaScript values that C knows by number. A number is never used again; 0 stands for none.
 */
export class References {
  /** @type {Map<number, Lent>} */ #lent = new Map();
  #last = 0;

  /**
   * @param {unknown} value
   * @param {Set<number>} [lender] gets the number, and loses it when that ends
   */
  add(value, lender) {
    this.#lent.set(++this.#last, new Lent(value, lender));
    lender?.add(this.#last);
    return this.#last;
  }

  /** @param {number} number */
  get(number) {
    return this.find(number)?.value;
  }

  /** @param {number} number */
  find(number) {
    return this.#lent.get(number);
  }

  /** What hangs on it runs after the caller, which may be C. @param {number} number */
  remove(number) {
    const lent = this.#lent.get(number);
    if (!lent) return;
    this.#lent.delete(number);
    lent.lender?.delete(number);
    if (lent.end) queueMicrotask(lent.end);
  }

  /** Nobody will remove them any more. */
  removeAll() {
    for (const number of [...this.#lent.keys()]) this.remove(number);
  }
}
