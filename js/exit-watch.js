/** Node tells when its event loop is empty: whoever then still waits, waits for ever. */
export class ExitWatch {
  /** @type {() => void} */ #beforeExit;
  #isOn = false;

  /** @param {() => void} beforeExit told, while it is on, that the event loop is empty */
  constructor(beforeExit) {
    this.#beforeExit = beforeExit;
  }

  /** @param {boolean} isOn whether anybody waits */
  turn(isOn) {
    const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
    if (isOn === this.#isOn || typeof process?.on !== 'function') return;
    this.#isOn = isOn;
    if (isOn) process.on('beforeExit', this.#beforeExit);
    else process.off('beforeExit', this.#beforeExit);
  }
}
