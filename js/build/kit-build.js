import { includesSetjmp } from './directives.js';
import { instrumentWith } from './instrument.js';
import { compileCommand, linkCommand, runTool, treeOf } from './llvm.js';
import { wrappedFunctions, wrapping } from './streams.js';

/**
 * @typedef {object} Recipe how a kit's programs are built (kit.js), which is data
 * @property {readonly string[]} compile arguments of clang
 * @property {readonly string[]} jumpFlags more of them, for what includes <setjmp.h>
 * @property {import('./llvm.js').LinkCommand} link everything but the program
 * @property {import('./streams.js').Streams} streams
 * @property {import('./instrument.js').InstrumentOptions} instrument
 *
 * @typedef {{ wasm?: Uint8Array<ArrayBuffer>, diagnostics: string }} KitResult wasm: unless the program is at fault
 */

const object = '/program.o';
const module = '/program.wasm';

/**
 * Builds a program of one C file with a kit. It needs nothing of Node and runs in a page too.
 * @param {{ llvm: import('./llvm.js').Llvm, binaryen: import('./instrument.js').Binaryen }} tools llvm: with the kit's
 *   files below its sysroot
 * @param {Recipe} recipe
 * @param {{ name: string, text: string }} source its name as messages give it, and what is in it
 * @param {(step: 'compile' | 'link' | 'instrument') => void} [onStep] told what begins
 * @returns {Promise<KitResult>}
 */
export async function buildWithKit({ llvm, binaryen }, recipe, { name, text }, onStep = () => {}) {
  const bytes = new TextEncoder().encode(text);
  const args = [...recipe.compile, ...(includesSetjmp(bytes) ? recipe.jumpFlags : [])];
  onStep('compile');
  const compiled = await runTool(llvm, compileCommand(args, name, object), treeOf([[name, bytes]]), object);
  if (!compiled.bytes) return { diagnostics: compiled.diagnostics };
  onStep('link');
  const linked = await link(llvm, recipe, compiled.bytes);
  const diagnostics = compiled.diagnostics + linked.diagnostics;
  if (!linked.bytes) return { diagnostics };
  onStep('instrument');
  const wasm = instrumentWith(binaryen, linked.bytes, recipe.instrument);
  return { wasm: /** @type {Uint8Array<ArrayBuffer>} */ (wasm), diagnostics };
}

/**
 * @param {import('./llvm.js').Llvm} llvm
 * @param {Recipe} recipe
 * @param {Uint8Array} program
 */
function link(llvm, { link: rest, streams }, program) {
  const args = [...rest.args, ...wrappedFunctions(streams, [program]).map(wrapping)];
  const job = { ...rest, args, inputs: [object, ...rest.inputs] };
  return runTool(llvm, linkCommand(job, module), treeOf([[object, program]]), module);
}
