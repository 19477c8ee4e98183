import assert from 'node:assert/strict';

import { run } from '../suites/process.js';

/** @import { Finished } from '../suites/process.js' */
/** @import { System } from './systems.js' */

/**
 * A program that is told what to do, does it twice, and prints what each took the second time (programs/measure.h).
 *
 * @param {string} name
 * @param {object} program
 * @param {() => string | null} program.missing
 * @param {() => readonly string[]} program.command
 * @param {() => Promise<Finished>} [program.make]
 * @param {number} [program.most]
 * @returns {System}
 */
export function selfMeasuring(name, { missing, command, make, most }) {
  /** @type {Promise<Finished> | undefined} */
  let made;
  return {
    name,
    missing,
    most,
    async measure(what, numbers) {
      if (make) {
        const { ok, output } = await (made ??= make());
        assert.ok(ok, `${name} cannot be built: ${output}`);
      }
      const { ok, stdout, output } = await run([...command(), what, ...numbers.map(String)]);
      assert.ok(ok, `${name}, ${what} ${numbers.join(' ')}: ${output}`);
      return Number(stdout);
    },
  };
}
