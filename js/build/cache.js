import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './paths.js';

/**
 * A name for what follows from these parts alone.
 * @param {(string | Uint8Array)[]} parts
 */
export function keyOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/**
 * Where a thing of this kind and key is kept, whether or not it is there yet.
 * @param {...string} names
 */
export function cachePath(...names) {
  return join(cacheFolder(), ...names);
}

/** A folder of one build's own; whoever asked removes it. */
export function scratchFolder() {
  mkdirSync(cachePath('tmp'), { recursive: true });
  return mkdtempSync(cachePath('tmp', 'build-'));
}

/**
 * Moves a finished folder or file into its place. Builds may run side by side: the first one wins, and since the key
 * says everything, what the others made is the same.
 * @param {string} from
 * @param {string} to
 */
export function publish(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'EEXIST' && code !== 'ENOTEMPTY' && code !== 'EPERM') throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/**
 * The kept file's bytes, made first if it is not there.
 * @param {string} path
 * @param {() => Promise<Uint8Array>} make
 * @returns {Promise<Uint8Array>}
 */
export async function keepFile(path, make) {
  if (existsSync(path)) return readFileSync(path);
  const bytes = await make();
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = besides(path);
  writeFileSync(unfinished, bytes);
  publish(unfinished, path);
  return bytes;
}

/** @param {string} to a path beside `to` that nobody else uses */
export function besides(to) {
  return `${to}.${randomUUID()}`;
}
