import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { inProcess } from '../systems.js';
import { compileText } from './text-module.js';

/** A module whose only type is that of a continuation. */
const PROBE = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 2, 0x60, 0, 0, 0x5d, 0]);

function hasStackSwitching() {
  setFlagsFromString('--experimental-wasm-wasmfx');
  return WebAssembly.validate(PROBE);
}

export const stackSwitching = inProcess(
  'wasm stack switching',
  async () => {
    const features = /** @type {const} */ (['ReferenceTypes', 'GC', 'ExceptionHandling', 'StackSwitching']);
    const module = await compileText('stack-switching.wat', [...features]);
    const { exports } = await WebAssembly.instantiate(module);
    return /** @type {Record<string, (...numbers: number[]) => number>} */ (exports);
  },
  {
    missing: () => (hasStackSwitching() ? null : `no stack switching in Node ${process.versions.node}`),
    most: 100_000,
  },
);
