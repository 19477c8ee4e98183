import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { besides, cachePath, makeFolder, publish } from './cache.js';
import { peerVersion, requirePeer } from './peers.js';
import { readTar } from './tar.js';

/**
 * The npm compiler's sysroot as a folder on disk, for compilers that need one. Unpacked once.
 * @returns {string}
 */
export function unpackedSysroot() {
  const clang = requirePeer('@yowasp/clang', 'give the C library and its headers');
  const sysroot = cachePath(`sysroot-${peerVersion(clang)}`);
  if (!existsSync(sysroot)) unpack(join(dirname(clang), 'llvm-resources.tar'), sysroot);
  return sysroot;
}

/**
 * @param {string} archive
 * @param {string} folder
 */
function unpack(archive, folder) {
  const unfinished = besides(folder);
  for (const { name, bytes } of readTar(readFileSync(archive))) {
    const file = join(unfinished, name);
    makeFolder(dirname(file));
    writeFileSync(file, bytes);
  }
  publish(unfinished, folder);
}
