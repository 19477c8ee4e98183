import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { cachePath, keepFile, keyOf } from '../../../js/build/cache.js';
import { makeKit } from '../../../js/build/kit.js';
import { requirePeer } from '../../../js/build/peers.js';
import { flags } from './flags.js';
import { makeResources } from './resources.js';

/** @import { Part, ToolchainIndex } from '../site/compiler/parts.js' */

/** @type {Record<string, string>} */
const types = { js: 'text/javascript', wasm: 'application/wasm', tar: 'application/x-tar' };

/**
 * Writes the compiler as the page gets it: compressed parts, and an index of them.
 *
 * @param {string} folder what was in it is removed
 */
export async function writeToolchain(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { recipe, files } = await makeKit(flags);
  /** @type {Part[]} */
  const parts = [];
  for (const [name, bytes] of contents(files)) parts.push(await writePart(folder, name, bytes));
  /** @type {ToolchainIndex} */
  const index = { recipe, parts };
  writeFileSync(join(folder, 'index.json'), JSON.stringify(index));
}

/** @param {ReadonlyMap<string, Uint8Array>} kit @returns {[string, Uint8Array][]} by the names that the page knows */
function contents(kit) {
  const clang = requirePeer('@yowasp/clang', 'compile in the page');
  const binaryen = requirePeer('binaryen', 'instrument in the page');
  const folder = dirname(clang);
  const modules = readdirSync(folder).filter((file) => file.endsWith('.wasm'));
  return [
    ['clang.js', readFileSync(clang)],
    ['binaryen.js', readFileSync(binaryen)],
    ['llvm-resources.tar', makeResources(readFileSync(join(folder, 'llvm-resources.tar')), kit)],
    ...modules.map((file) => /** @type {[string, Uint8Array]} */ ([file, readFileSync(join(folder, file))])),
  ];
}

/**
 * Its file is named after what is in it, so that a page may keep it for ever, and not `.gz`, which some servers take
 * for an encoding.
 *
 * @param {string} folder
 * @param {string} name
 * @param {Uint8Array} bytes
 * @returns {Promise<Part>}
 */
async function writePart(folder, name, bytes) {
  const key = keyOf([bytes]);
  const level = constants.Z_BEST_COMPRESSION;
  const compressed = await keepFile(cachePath('gzip', key), async () => gzipSync(bytes, { level }));
  const file = `${name}-${key.slice(0, 12)}.gzipped`;
  writeFileSync(join(folder, file), compressed);
  const type = types[/** @type {string} */ (name.split('.').at(-1))];
  return { name, file, type, size: compressed.length };
}
