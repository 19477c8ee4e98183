import { readFileSync } from 'node:fs';

/** @import { Mutant } from './mutants.js' */

/**
 * Why a mutant may survive. It is known by its text, not by where it stands.
 * @typedef {object} Excuse
 * @property {string} file
 * @property {string} within the function's name
 * @property {string} before
 * @property {string} after
 * @property {'equivalent' | 'cost' | 'unreachable'} kind the same for every caller, and so not counted; or another
 *   cost in time or memory; or a second defence that no test reaches
 * @property {string} reason
 */

/** @type {Excuse[]} */
export const excuses = JSON.parse(readFileSync(new URL('./excuses.json', import.meta.url), 'utf8'));

/** @param {Mutant} mutant */
export function excuseOf(mutant) {
  const keys = /** @type {const} */ (['file', 'within', 'before', 'after']);
  return excuses.find((excuse) => keys.every((key) => excuse[key] === mutant[key]));
}
