import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as bundle } from 'esbuild';

import { build } from '../../js/build/index.js';
import { programPath } from './program.js';

/** @import { Bench } from './bench.js' */

/** @param {string} path in the project */
const inProject = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** What a page gets that imports load, without what is loaded on demand. */
async function bundleEntry() {
  const stdin = { contents: "export { load } from './js/index.js';", resolveDir: inProject('.') };
  const settings = { bundle: true, minify: true, splitting: true, write: false, outdir: 'out' };
  const { outputFiles } = await bundle({ stdin, ...settings, format: 'esm', external: ['node:*'] });
  return /** @type {NonNullable<typeof outputFiles>} */ (outputFiles)[0].contents;
}

/** @param {Bench} bench @param {string} name @param {string} system @param {Uint8Array} bytes */
function report(bench, name, system, bytes) {
  const common = { system, n: 1, unit: 'B' };
  bench.report({ ...common, bench: name, value: bytes.length });
  bench.report({ ...common, bench: `${name}, gzip`, value: gzipSync(bytes, { level: 9 }).length });
}

/** What has to be sent before anything runs. @param {Bench} bench */
export default async function size(bench) {
  const options = { flags: ['-Os'], strip: true };
  const hello = await build({ sources: [inProject('examples/hello.c')], ...options });
  report(bench, 'size of hello world', 'greenlet-wasm', hello.wasm);
  const plain = await build({
    sources: [programPath('plain.c')],
    ...options,
    runtime: false,
    stackCheck: false,
  });
  report(bench, 'size of hello world', 'C without greenlets', plain.wasm);
  report(bench, 'size of the JavaScript', 'greenlet-wasm', await bundleEntry());
}
