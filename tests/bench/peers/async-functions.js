import { inProcess } from '../systems.js';
import { note, seeds } from './frames.js';
import { Transfers } from './transfers.js';

/** The lowest frame: hands on one more than it gets. @param {Transfers} transfers @param {number} place @param {number} last */
async function passOn(transfers, place, last) {
  const [a, b, c] = [seeds[0], seeds[1], seeds[2]];
  let value = await transfers.transfer(place, -1);
  while (value < last) value = await transfers.transfer(place, value + 1);
  note(a, b, c);
  return value;
}

/** @param {number} depth @param {Transfers} transfers @param {number} place @param {number} last @returns {Promise<number>} */
async function descend(depth, transfers, place, last) {
  if (depth === 1) return passOn(transfers, place, last);
  const [a, b, c] = [seeds[0], seeds[1], seeds[2]];
  const value = await descend(depth - 1, transfers, place, last);
  note(a, b, c);
  return value;
}

const addOne = async (/** @type {number} */ value) => value + 1;

/** What a queue of tasks is between async functions. */
class Queue {
  /** @type {number[]} */
  #items = [];
  /** @type {((item: number) => void)[]} */
  #getters = [];

  /** @param {number} item */
  put(item) {
    const getter = this.#getters.shift();
    if (getter) getter(item);
    else this.#items.push(item);
  }

  /** @returns {Promise<number>} */
  async get() {
    const item = this.#items.shift();
    return item ?? new Promise((resolve) => this.#getters.push(resolve));
  }
}

/** @param {Queue} there @param {Queue} back @param {number} times */
async function answer(there, back, times) {
  for (let i = 0; i < times; i++) back.put((await there.get()) + 1);
}

/**
 * @param {() => unknown} wait
 * @returns {(tasks: number, yields: number) => Promise<number>} has so many async functions wait so often
 */
export function yieldingBy(wait) {
  return async (tasks, yields) => {
    let counted = 0;
    const task = async () => {
      for (let left = Math.floor(yields / tasks); left > 0; left--) {
        await wait();
        counted++;
      }
    };
    await Promise.all(Array.from({ length: tasks }, task));
    return counted;
  };
}

export const asyncFunctions = inProcess('async functions', {
  async ring(count, depth, last) {
    const transfers = new Transfers(count);
    return transfers.run((place) => descend(depth, transfers, place, last), last);
  },
  async create(times) {
    let value = 0;
    while (value < times) value = await addOne(value);
    return value;
  },
  async spawn_and_join(tasks) {
    let counted = 0;
    const task = async () => void counted++;
    await Promise.all(Array.from({ length: tasks }, task));
    return counted;
  },
  yield_among: yieldingBy(() => undefined),
  async queue_ping_pong(roundTrips) {
    const [there, back] = [new Queue(), new Queue()];
    const answered = answer(there, back, roundTrips);
    let item = 0;
    while (item < roundTrips) {
      there.put(item);
      item = await back.get();
    }
    await answered;
    return item;
  },
});
