import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BuildError } from './errors.js';
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

/**
 * @template T
 * @param {() => T} make something in the cache
 * @returns {T}
 * @throws {BuildError} if that is in no folder that can be written to
 */
function inCache(make) {
  try {
    return make();
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    const hint = 'GREENLET_WASM_CACHE names another folder for what a build keeps';
    throw new BuildError('ECACHE', `cannot write to ${cacheFolder()}: ${message}\n${hint}`, { cause });
  }
}

/** @param {string} path of a folder in the cache */
export function makeFolder(path) {
  inCache(() => mkdirSync(path, { recursive: true }));
}

/** A folder of one build's own; whoever asked removes it. */
export function scratchFolder() {
  makeFolder(cachePath('tmp'));
  return inCache(() => mkdtempSync(cachePath('tmp', 'build-')));
}

/**
 * Moves a finished folder or file into its place. Builds may run side by side: the first one wins, and since the key
 * says everything, what the others made is the same.
 * @param {string} from
 * @param {string} to
 */
export function publish(from, to) {
  makeFolder(dirname(to));
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
  makeFolder(dirname(path));
  const unfinished = besides(path);
  writeFileSync(unfinished, bytes);
  publish(unfinished, path);
  return bytes;
}

/** @param {string} to a path beside `to` that nobody else uses */
export function besides(to) {
  return `${to}.${randomUUID()}`;
}
