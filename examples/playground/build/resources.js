import { createTar } from 'nanotar';
import { readTar } from '../../../js/build/tar.js';

/** Of clang's own headers, those that C for WebAssembly can use. */
const ownHeader =
  /^include\/(__(float|stdarg|stddef)_|std|float|inttypes|iso646|limits|tgmath|varargs|wasm_simd128)[^/]*$/;

/** What only C++, profiles and shared libraries need. */
const notForC = /\/c\+\+\/|\/libc\+\+|\.so$|\.modulemap$|libclang_rt\.profile/;

/** @param {string} name of a file in the sysroot */
function isForC(name) {
  if (notForC.test(name)) return false;
  return name.startsWith('include/wasm32-wasip1/') || name.startsWith('lib/') || ownHeader.test(name);
}

/**
 * The compiler's file system as an archive: its sysroot without what C does not need, and a kit.
 *
 * @param {Uint8Array} archive the whole sysroot
 * @param {ReadonlyMap<string, Uint8Array>} kit by path below the sysroot
 */
export function makeResources(archive, kit) {
  const files = new Map(kit);
  for (const { name, bytes } of readTar(archive)) if (isForC(name)) files.set(name, bytes);
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const entries = [
    ...[...folders].map((name) => ({ name })),
    ...[...files].map(([name, data]) => ({ name, data: data.slice() })),
  ];
  return createTar(entries, { attrs: { mtime: 0 } });
}

/** @param {string} path @returns {string[]} the outermost first */
function foldersOf(path) {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
