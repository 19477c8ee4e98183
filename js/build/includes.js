import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { directiveNames } from './directives.js';

/**
 * @typedef {object} SearchPath
 * @property {string} cwd
 * @property {readonly string[]} folders absolute
 * @property {readonly string[]} names headers that flags name, besides those that files do
 */

/**
 * Every file of the user's that a source may read, with its bytes: all names quoted in a directive, looked up
 * wherever the compiler might. Conditions are not evaluated, so there may be too many, which does no harm; an
 * include whose name is pasted together from parts is not seen.
 * @param {string} source absolute
 * @param {SearchPath} search
 * @returns {Map<string, Uint8Array>}
 */
export function readableFiles(source, search) {
  /** @type {Map<string, Uint8Array>} */
  const found = new Map();
  const folders = [search.cwd, dirname(source), ...search.folders];
  const waiting = [source, ...search.names.flatMap((name) => candidates(name, folders))];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const bytes = found.has(path) ? undefined : readIfFile(path);
    if (!bytes) continue;
    found.set(path, bytes);
    for (const name of directiveNames(bytes)) {
      waiting.push(...candidates(name, [dirname(path), ...search.folders]));
    }
  }
  return found;
}

/**
 * @param {string} name
 * @param {readonly string[]} folders
 */
function candidates(name, folders) {
  return folders.map((folder) => resolve(folder, name));
}

/** @param {string} path */
function readIfFile(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
