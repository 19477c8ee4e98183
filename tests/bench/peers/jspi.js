import { inProcess } from '../systems.js';
import { compileText } from './text-module.js';
import { Transfers } from './transfers.js';

/**
 * @typedef {object} Jspi
 * @property {(count: number) => Transfers} begin for so many who are then to descend
 * @property {(depth: number, place: number, last: number) => Promise<number>} descend
 * @property {(value: number) => Promise<number>} add_one
 * @property {(times: number) => Promise<number>} wait_often
 * @property {(promise: Promise<number>) => Promise<number>} wait_for
 */

/** JavaScript Promise Integration, which TypeScript does not know yet. */
const { Suspending, promising } = /** @type {any} */ (WebAssembly);

export const missingJspi = () => (Suspending ? null : `no JSPI in Node ${process.versions.node}`);

const later = async (/** @type {number} */ value) => value;

/** @returns {Promise<Jspi>} */
export async function loadJspi() {
  let transfers = new Transfers(0);
  const transfer = (/** @type {number} */ place, /** @type {number} */ value) =>
    transfers.transfer(place, value);
  const waitFor = (/** @type {Promise<number>} */ promise) => promise;
  const functions = { transfer, later, wait_for: waitFor };
  const bench = Object.fromEntries(
    Object.entries(functions).map(([name, each]) => [name, new Suspending(each)]),
  );
  const { exports } = await WebAssembly.instantiate(await compileText('jspi.wat', ['ReferenceTypes']), {
    bench,
  });
  const names = ['descend', 'add_one', 'wait_often', 'wait_for'];
  const suspended = Object.fromEntries(names.map((name) => [name, promising(exports[name])]));
  const begin = (/** @type {number} */ count) => (transfers = new Transfers(count));
  return /** @type {Jspi} */ (/** @type {unknown} */ ({ ...suspended, begin }));
}

export const jspi = inProcess(
  'JSPI',
  async () => {
    const { begin, descend, add_one: addOne } = await loadJspi();
    return {
      ring: (count, depth, last) => begin(count).run((place) => descend(depth, place, last), last),
      async create(times) {
        let value = 0;
        while (value < times) value = await addOne(value);
        return value;
      },
    };
  },
  { missing: missingJspi, most: 50_000 },
);
