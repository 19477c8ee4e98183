import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { BuildError } from './errors.js';
import { manifest } from './package-data.js';

/** @typedef {'@yowasp/clang' | 'binaryen'} Peer */

const require = createRequire(import.meta.url);

/** The command that installs every peer at the version this package was tested with. */
export const installCommand = `npm install --save-dev ${Object.entries(manifest.peerDependencies)
  .map(([name, version]) => `${name}@${version}`)
  .join(' ')}`;

/**
 * The file a peer's main module lies in, or undefined when the peer is not installed.
 * @param {Peer} name
 */
export function findPeer(name) {
  try {
    return require.resolve(name);
  } catch {
    return undefined;
  }
}

/**
 * The file a peer's main module lies in.
 * @param {Peer} name
 * @param {string} purpose completes "it is needed to …"
 */
export function requirePeer(name, purpose) {
  const file = findPeer(name);
  if (file) return file;
  throw new BuildError(
    'EPEER',
    `${name} is not installed; it is needed to ${purpose}. Run:\n  ${installCommand}`,
  );
}

/**
 * The version of an installed peer.
 * @param {string} file what findPeer() gave
 * @returns {string}
 */
export function peerVersion(file) {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
}
