import { inProcess } from '../systems.js';
import { note, seeds } from './frames.js';

/** The lowest frame: hands on one more than it gets. @param {number} last @returns {Generator<number, number, number>} */
function* passOn(last) {
  const [a, b, c] = [seeds[0], seeds[1], seeds[2]];
  let value = yield 0;
  while (value < last) value = yield value + 1;
  note(a, b, c);
  return value;
}

/** @param {number} depth @param {number} last @returns {Generator<number, number, number>} */
function* descend(depth, last) {
  const [a, b, c] = [seeds[0], seeds[1], seeds[2]];
  const value = depth > 2 ? yield* descend(depth - 1, last) : yield* passOn(last);
  note(a, b, c);
  return value;
}

/** @param {number} depth @param {number} last */
function start(depth, last) {
  const generator = depth > 1 ? descend(depth, last) : passOn(last);
  generator.next();
  return generator;
}

/** A transfer is a yield to this loop, and the next that it calls. @param {number} count @param {number} depth @param {number} transfers */
function ring(count, depth, transfers) {
  const all = Array.from({ length: count }, () => start(depth, transfers));
  let value = 0;
  for (let place = 0; value < transfers; place = place + 1 < count ? place + 1 : 0)
    value = all[place].next(value).value;
  for (const generator of all) generator.next(value);
  return value;
}

/** @param {number} value @returns {Generator<never, number>} */
// biome-ignore lint/correctness/useYield: it is to end at once
function* addOne(value) {
  return value + 1;
}

export const generators = inProcess('generators', {
  ring,
  bounce: (depth, roundTrips) => ring(1, depth, roundTrips),
  create(times) {
    let value = 0;
    while (value < times) value = addOne(value).next().value;
    return value;
  },
});
