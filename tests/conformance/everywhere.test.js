// The conformance program as built for release, each of its tests a test of the harness: for engines other than Node.

import { assert, it, readBuilt } from '../js/harness/index.js';
import { listTests, runProgram } from './program.js';

const module = await WebAssembly.compile(await readBuilt('wasm/conformance-release.wasm'));

for (const name of await listTests(module)) {
  it(name, async () => {
    const text = await runProgram(module, name);
    assert.ok(text.endsWith(`ok ${name}\n`) && !text.includes('not ok '), text);
  });
}
