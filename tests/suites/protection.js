import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builds, commandOf, librarySources, missingFor, pathOf, sourceOf } from './builds.js';
import { missingPrograms, root, run } from './process.js';
import { outcomeOf } from './suite.js';

/** @import { Suite } from './suite.js' */
/** @import { Finished } from './process.js' */

/**
 * @param {string} name of a build
 * @param {string} target
 * @param {readonly string[]} sources and what the linker is told
 */
function link(name, target, sources) {
  const { compiler, flags } = builds[name];
  mkdirSync(dirname(join(root, target)), { recursive: true });
  return run([compiler, '-std=c11', '-Isrc', ...flags, '-nostdlib', ...sources, '-o', target]);
}

/**
 * What the linker says of sources together: what all of them are fit for.
 * @param {string} name of a build
 * @param {string} program
 * @param {readonly string[]} sources
 * @returns {Promise<Finished>} with the names of the features in stdout
 */
async function readMarks(name, program, sources) {
  const target = `build/native/${name}/${program}.o`;
  const linked = await link(name, target, ['-r', ...sources]);
  if (!linked.ok) return linked;
  const { ok, stdout, output } = await run(['readelf', '-n', target]);
  return { ok, stdout: stdout.match(/(?<=feature: ).*/)?.[0] ?? '', output };
}

/**
 * @param {string} name of a build
 * @param {string} ofC what the compiler marks its own code with
 * @param {string} ofAll what remains with the assembly
 * @returns {Suite}
 */
function marks(name, ofC, ofAll) {
  const { backend, compiler } = builds[name];
  const sources = librarySources(backend);
  const inC = sources.filter((source) => source !== sourceOf(backend));
  return {
    name: `marks ${name}`,
    backend,
    host: `marks: ${ofAll} of ${ofC}`,
    missing: () => missingPrograms(compiler, 'readelf'),
    async run() {
      const [without, all] = [await readMarks(name, 'c', inC), await readMarks(name, 'all', sources)];
      const ok = without.stdout === ofC && all.stdout === ofAll;
      const said = `C is marked '${without.stdout}', all '${all.stdout}'\n`;
      return outcomeOf({ ok, output: `${said}${without.output}${all.output}` });
    },
  };
}

/** @type {Suite} */
const landingPads = {
  name: 'landing pads aarch64',
  backend: 'aarch64',
  host: 'landing pads enforced by qemu',
  missing: () => missingFor(builds['aarch64-gcc-protected']),
  async run() {
    const name = 'aarch64-gcc-protected';
    const made = await link(name, pathOf(name, 'landing_pads'), [
      'tests/landing_pads.c',
      sourceOf('aarch64'),
    ]);
    if (!made.ok) return outcomeOf(made);
    const command = commandOf(name, 'landing_pads');
    const [onPad, beside] = [await run(command), await run([...command, 'beside'])];
    const isEnforced = !beside.ok && beside.output.includes('Illegal instruction');
    return outcomeOf({ ok: onPad.ok && isEnforced, output: `${onPad.output}beside: ${beside.output}` });
  },
};

/** That the swap fits in with what CPUs do against forged branches and returns. @type {Suite[]} */
export const protectionSuites = [
  marks('x86_64-gcc-protected', 'IBT, SHSTK', 'IBT'),
  marks('i686-gcc-protected', 'IBT, SHSTK', 'IBT'),
  marks('aarch64-gcc-protected', 'BTI, PAC', 'BTI'),
  landingPads,
];
