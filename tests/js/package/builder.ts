// The same for the part that builds; it needs its optional peers, for their types too.

import { BuildError, type BuildOptions, build } from 'greenlet-wasm/build';

const what: BuildOptions = { sources: ['basket.c'], flags: ['-O2'], output: 'basket.wasm' };
const wasm: Uint8Array = await build(what).then(
  (result) => result.wasm,
  (error) => {
    if (error instanceof BuildError) console.log(error.code);
    throw error;
  },
);
console.log(wasm.length);
