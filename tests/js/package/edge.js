// An edge runtime: a module that has been compiled before, no code made at run time, no timers but in a request, and
// nothing that only Node has.

import { readFileSync } from 'node:fs';

const module = new WebAssembly.Module(readFileSync('basket.wasm'));

const refuse = () => {
  throw new Error('not outside of a request');
};
const { setTimeout } = globalThis;
Object.assign(globalThis, { setTimeout: refuse });
Object.assign(WebAssembly, { compile: refuse, compileStreaming: refuse });
for (const name of ['process', 'Buffer', 'setImmediate', 'global']) Reflect.deleteProperty(globalThis, name);

const { load } = await import('greenlet-wasm');

const app = await load(module, { imports: { shop: { price: async () => 21 } } });
Object.assign(globalThis, { setTimeout });
console.log(await app.call('total', 1, 1));
