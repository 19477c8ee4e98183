// The programs of ../programs as Emscripten links them: built in Node, and loaded there.

import { join } from 'node:path';
import { readFactory } from '../../emscripten/factory.js';
import { linkEmscripten } from '../../suites/emscripten.js';
import { root } from '../../suites/process.js';
import { host } from './host.js';
import { moduleName } from './variants.js';

/**
 * @import { LoadOptions } from '../../../js/index.js'
 * @import { Factory } from '../../emscripten/factory.js'
 * @import { Variant } from './variants.js'
 */

const build = host.emscripten ?? 'release';

const common = [
  '-Wall',
  '-Wextra',
  '-Werror',
  '-sMODULARIZE',
  '-sNODEJS_CATCH_EXIT=0',
  '-sNODEJS_CATCH_REJECTION=0',
  '-sFORCE_FILESYSTEM', // for output by bytes
  '--profiling-funcs', // for stacks
  '-sTOTAL_STACK=65536',
  '-sINITIAL_MEMORY=4MB',
];

const flavours = { release: ['-O2'], debug: ['-O1', '-sASSERTIONS=2'] };

/** Of a variant for debugging. */
const debugging = ['-sASSERTIONS'];

const FOUR_GIGABYTES = 2 ** 32;

/** @param {Variant} variant its JavaScript, in the project */
const outputOf = (variant) =>
  `build/emscripten/bridge-${build}/${moduleName(variant).replace(/\.wasm$/, '.js')}`;

/** @param {Variant} variant @throws if it cannot be built */
export async function buildProgram(variant) {
  const { source, flags = [], maxMemory = FOUR_GIGABYTES } = variant;
  const all = [
    ...common,
    ...flavours[build],
    `-sMAXIMUM_MEMORY=${maxMemory}`,
    ...flags,
    ...(flags.includes('-g') ? debugging : []),
  ];
  const made = await linkEmscripten([`tests/js/programs/${source}`], outputOf(variant), { flags: all });
  if (!made.ok) throw new Error(made.output);
}

/** @type {WeakMap<WebAssembly.Module, Factory>} what makes instances of each */
const factories = new WeakMap();

/** @param {Variant} variant @returns {Promise<WebAssembly.Module>} that of the program, which only `load` loads */
export async function readProgram(variant) {
  if (!process.env.GREENLET_TEST_PROGRAMS_ARE_BUILT) await buildProgram(variant);
  const { make, module } = await readFactory(join(root, outputOf(variant)));
  factories.set(module, make);
  return module;
}

/** @param {((bytes: Uint8Array) => void) | undefined} sink @returns what Emscripten gives each byte to */
function byByte(sink) {
  return sink && ((/** @type {number | null} */ byte) => void (byte !== null && sink(Uint8Array.of(byte))));
}

/**
 * As the package's `load`: with its options, or Emscripten's that mean the same.
 *
 * @type {typeof import('../../../js/index.js').load}
 */
export async function load(source, ...rest) {
  const make = factories.get(/** @type {WebAssembly.Module} */ (source));
  if (!make) throw new TypeError('load: expected what compileProgram gave');
  const { args = [], stdout, stderr, ...greenletOptions } = /** @type {LoadOptions<any>} */ (rest[0] ?? {});
  const { greenlet } = await make({
    arguments: args.slice(1),
    noInitialRun: true,
    greenletOptions,
    ...(stdout && { stdout: byByte(stdout) }),
    ...(stderr && { stderr: byByte(stderr) }),
  });
  return greenlet;
}
