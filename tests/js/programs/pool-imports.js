// What bridge.c imports, as a worker of pool.test.js has it: made anew in each.

/** @type {string[]} */
const notes = [];

/** Returns when as many calls have come here as there are to be, each of them in another thread. */
function meet(/** @type {SharedArrayBuffer} */ place, /** @type {number} */ count) {
  const here = new Int32Array(place);
  const before = Atomics.add(here, 0, 1);
  if (before + 1 === count) return Atomics.notify(here, 0);
  for (let there = before + 1; there < count; there = Atomics.load(here, 0)) Atomics.wait(here, 0, there);
}

/** @type {Record<string, (object: any) => unknown>} */
const deeds = {
  notes: () => notes.splice(0),
  meet: ({ place, count }) => meet(place, count),
  wait: ({ port }) => new Promise((resolve) => port.once('message', resolve)),
  exit: (code) => /** @type {any} */ (globalThis).process.exit(code),
  stray: (message) =>
    void setTimeout(() => {
      throw new Error(message);
    }),
  strayWhenTold: ({ port }) =>
    void port.once('message', (/** @type {string} */ message) => {
      throw new Error(message);
    }),
  echo: (value) => value,
  function: () => () => {},
};

export default () => ({
  imports: {
    host: {
      add_later: async (/** @type {number} */ a, /** @type {number} */ b) => a + b,
      greet: async (/** @type {string} */ name) => {
        const cause = Object.assign(new RangeError('nobody there'), { code: 'E_NOBODY' });
        if (name === 'reject') throw new TypeError('no such greeting', { cause });
        return `hello ${name}`;
      },
      reverse: (/** @type {Uint8Array} */ bytes) => bytes.reverse(),
      transform: (/** @type {unknown} */ value) => ({ got: value }),
      note: (/** @type {string} */ text) => void notes.push(text),
      big: (/** @type {bigint} */ value) => value + 1n,
      half: (/** @type {number} */ value) => value / 2,
      pick: (/** @type {any} */ object, /** @type {string} */ deed) => deeds[deed](object),
      reenter: () => {},
    },
  },
});
