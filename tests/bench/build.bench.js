import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import { build } from '../../js/build/index.js';
import { median } from './bench.js';
import { programPath } from './program.js';

/** @import { Bench } from './bench.js' */

const ROUNDS = 5;

/** @param {string} source @returns {Promise<number>} milliseconds */
async function timeBuild(source) {
  const start = performance.now();
  const { wasm } = await build({ sources: [source], flags: ['-O2'] });
  const time = performance.now() - start;
  assert.ok(WebAssembly.validate(/** @type {Uint8Array<ArrayBuffer>} */ (wasm)));
  return time;
}

/** @param {Bench} bench @param {string} source a copy of a program */
async function measureBuilds(bench, source) {
  const text = readFileSync(source, 'utf8');
  const common = { system: 'greenlet-wasm', n: 1, unit: 'ms' };
  bench.report({ ...common, bench: 'build, cold', value: await timeBuild(source) });
  const changed = [];
  for (let round = 1; round <= bench.times(ROUNDS, 1); round++) {
    writeFileSync(source, `${text}\nint round_${round}(void) { return ${round}; }\n`);
    changed.push(await timeBuild(source));
  }
  bench.report({ ...common, bench: 'build, one file changed', value: median(changed) });
  bench.report({ ...common, bench: 'build, nothing changed', value: await timeBuild(source) });
}

/** What a build takes: the first, with nothing in the cache, and later ones in the same process. @param {Bench} bench */
export default async function builds(bench) {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-wasm-bench-'));
  const { GREENLET_WASM_CACHE } = process.env;
  try {
    if (!bench.quick) process.env.GREENLET_WASM_CACHE = join(folder, 'cache');
    const source = join(folder, 'program.c');
    writeFileSync(source, readFileSync(programPath('await.c')));
    await measureBuilds(bench, source);
  } finally {
    if (GREENLET_WASM_CACHE === undefined) delete process.env.GREENLET_WASM_CACHE;
    else process.env.GREENLET_WASM_CACHE = GREENLET_WASM_CACHE;
    rmSync(folder, { recursive: true });
  }
}
