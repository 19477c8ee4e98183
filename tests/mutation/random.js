/**
 * Random numbers from a seed, by splitmix32: whole ones from 0 up to, and without, a limit.
 * @param {number} seed
 * @returns {(limit: number) => number}
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return Math.floor((((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32) * limit);
  };
}

/**
 * The same items in a random order.
 * @template T
 * @param {readonly T[]} items
 * @param {(limit: number) => number} random
 * @returns {T[]}
 */
export function shuffle(items, random) {
  const mixed = [...items];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [mixed[i], mixed[j]] = [mixed[j], mixed[i]];
  }
  return mixed;
}
