import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';

import { load } from '../../js/index.js';
import { buildProgram } from './program.js';

/** @import { Bench } from './bench.js' */

const LOADS = 40;
const MARK = 16;

/**
 * @param {Uint8Array} wasm
 * @returns {Uint8Array<ArrayBuffer>} the same module in other bytes, so that the engine has not compiled it yet
 */
function unlikeAnyOther(wasm) {
  const mark = new Uint8Array([0, MARK + 2, 1, 0x6d, ...new Uint8Array(MARK)]);
  randomFillSync(mark, 4);
  const bytes = new Uint8Array(wasm.length + mark.length);
  bytes.set(wasm);
  bytes.set(mark, wasm.length);
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} wasm */
const respond = (wasm) => new Response(wasm, { headers: { 'content-type': 'application/wasm' } });

/** @param {Uint8Array<ArrayBuffer>} wasm @returns {WebAssembly.Imports} of the same names, which do nothing */
function emptyImports(wasm) {
  /** @type {Record<string, Record<string, () => number>>} */
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(wasm)))
    (imports[module] ??= {})[name] = () => 0;
  return imports;
}

/**
 * @template T
 * @param {Uint8Array} wasm
 * @param {number} times
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<T>} make
 * @param {(made: T) => void} drop is not in the time
 * @returns {Promise<number>} milliseconds for each
 */
async function timeLoads(wasm, times, make, drop) {
  const modules = Array.from({ length: times }, () => unlikeAnyOther(wasm));
  const all = [];
  const start = performance.now();
  for (const bytes of modules) all.push(await make(bytes));
  const time = performance.now() - start;
  all.forEach(drop);
  return time / times;
}

/** @param {WebAssembly.WebAssemblyInstantiatedSource} source */
const checkExports = ({ instance }) => assert.ok(Object.keys(instance.exports).length);

/** From a response to functions that can be called; n is the module's size. @param {Bench} bench */
export default async function loading(bench) {
  const wasm = await buildProgram(['await.c'], { strip: true, flags: ['-Os'] });
  const imports = emptyImports(wasm);
  const options = { imports: { bench: { later: () => 0 } } };
  const times = bench.times(LOADS, 2);
  const { instantiate, instantiateStreaming } = WebAssembly;
  const contestants = [
    {
      system: 'load()',
      run: () =>
        timeLoads(
          wasm,
          times,
          (bytes) => load(respond(bytes), options),
          (app) => app.dispose(),
        ),
    },
    {
      system: 'instantiateStreaming',
      run: () =>
        timeLoads(wasm, times, (bytes) => instantiateStreaming(respond(bytes), imports), checkExports),
    },
    {
      system: 'instantiate',
      run: () => timeLoads(wasm, times, (bytes) => instantiate(bytes, imports), checkExports),
    },
  ];
  await bench.race({ bench: 'load a module', n: wasm.length, unit: 'ms' }, contestants);
}
