import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import binaryen from 'binaryen';

import { build } from '../../js/build/index.js';
import { findToolchain } from '../../js/build/toolchain.js';
import { load } from '../../js/index.js';

const source = new URL('programs/contract.c', import.meta.url).pathname;

/** What an optimiser does that inlines whatever is called once or is small. @param {string} file */
function inlineEverything(file) {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(readFileSync(file));
  const [always, oneCaller] = [binaryen.getAlwaysInlineMaxSize(), binaryen.getOneCallerInlineMaxSize()];
  binaryen.setAlwaysInlineMaxSize(120);
  binaryen.setOneCallerInlineMaxSize(300);
  module.runPasses(['inlining']);
  binaryen.setAlwaysInlineMaxSize(always);
  binaryen.setOneCallerInlineMaxSize(oneCaller);
  writeFileSync(file, module.emitBinary());
  module.dispose();
}

/** A toolchain whose linker optimises, as clang's driver does with any wasm-opt that it finds. */
async function inliningToolchain() {
  const toolchain = await findToolchain();
  return Object.assign(Object.create(toolchain), {
    id: `${toolchain.id} and an inliner`,
    link: async (/** @type {import('../../js/build/toolchain.js').LinkJob} */ job) => {
      const outcome = await toolchain.link(job);
      inlineEverything(job.output);
      return outcome;
    },
  });
}

test('a module whose switch was inlined before it was instrumented is refused at load (WA-02, ST-09)', async () => {
  const { wasm } = await build({ sources: [source], toolchain: await inliningToolchain() });
  await assert.rejects(load(/** @type {Uint8Array<ArrayBuffer>} */ (wasm)), (/** @type {any} */ error) => {
    assert.equal(error.name, 'ModuleError');
    assert.equal(error.code, 'GREENLET_EMODULE');
    assert.match(
      error.message,
      /^greenlets do not switch in this module: an optimiser has inlined the switch/,
    );
    return true;
  });
});
