// What stands for parts of the host while a test runs.

/** @typedef {{ after: (cleanUp: () => void) => void }} Context of a test */

/**
 * Puts something in the place of a global or of a method until the test has ended.
 *
 * @param {Context} t
 * @param {any} object
 * @param {string} name
 * @param {unknown} value
 */
export function replace(t, object, name, value) {
  const before = Object.getOwnPropertyDescriptor(object, name);
  Object.defineProperty(object, name, { value, configurable: true, writable: true });
  t.after(() => {
    if (before) Object.defineProperty(object, name, before);
    else delete object[name];
  });
}

/**
 * A clock that stands still unless it is told to go, and the timers on it.
 *
 * @param {Context} t
 */
export function fakeTime(t) {
  const LONGEST = 2 ** 31 - 1;
  let now = 0;
  let last = 0;
  /** @type {Map<number, { at: number, callback: () => void }>} */
  const timers = new Map();
  replace(t, performance, 'now', () => now);
  replace(t, globalThis, 'clearTimeout', (/** @type {number} */ id) => timers.delete(id));
  replace(t, globalThis, 'setTimeout', (/** @type {() => void} */ callback, delay = 0) => {
    timers.set(++last, { at: now + (delay > LONGEST ? 1 : delay), callback }); // as hosts do
    return last;
  });
  const fire = (/** @type {number} */ until) => {
    const due = [...timers].filter(([, { at }]) => at <= until);
    for (const [id, { callback }] of due.sort(([, a], [, b]) => a.at - b.at)) {
      timers.delete(id);
      callback();
    }
  };
  return {
    /** The clock goes on, and no timer has fired yet. @param {number} milliseconds */
    advance(milliseconds) {
      now += milliseconds;
    },
    /** The clock goes on; what is due then fires, late or not. @param {number} milliseconds */
    pass(milliseconds) {
      now += milliseconds;
      fire(now);
    },
    /** Fires what is not due yet: a host's timers are on another clock than performance.now. */
    fireEarly: () => fire(Infinity),
  };
}

/**
 * The turns of the hubs that start from now on, each from when to when on the clock of the page.
 *
 * @param {Context} t
 */
export function recordTurns(t) {
  /** @type {{ start: number, end: number, isLast: boolean }[]} */
  const turns = [];
  const { Instance, instantiate } = WebAssembly;
  const record = (/** @type {any} */ exports) => (/** @type {number} */ slice) => {
    const start = performance.now();
    const said = exports.gevent_wasm_turn(slice);
    turns.push({ start, end: performance.now(), isLast: said !== -1 });
    return said;
  };
  const recording = (/** @type {any} */ { exports }) => ({
    exports: { ...exports, gevent_wasm_turn: record(exports) },
  });
  replace(t, WebAssembly, 'instantiate', async (/** @type {any} */ module, /** @type {any} */ imports) =>
    recording(await instantiate(module, imports)),
  );
  const construct = (/** @type {any} */ module, /** @type {any} */ imports) =>
    recording(new Instance(module, imports));
  replace(
    t,
    WebAssembly,
    'Instance',
    new Proxy(Instance, { construct: (_, values) => construct(values[0], values[1]) }),
  );
  return turns;
}

/**
 * The reasons of promises that reject and that nobody handles, from now on.
 *
 * @param {Context} t
 * @returns {unknown[]}
 */
export function unhandledRejections(t) {
  /** @type {unknown[]} */
  const reasons = [];
  const { process } = globalThis;
  if (process?.on) {
    const listen = (/** @type {unknown} */ reason) => void reasons.push(reason);
    process.on('unhandledRejection', listen);
    t.after(() => void process.off('unhandledRejection', listen));
  } else {
    const listen = (/** @type {PromiseRejectionEvent} */ event) => void reasons.push(event.reason);
    addEventListener('unhandledrejection', listen);
    t.after(() => removeEventListener('unhandledrejection', listen));
  }
  return reasons;
}
