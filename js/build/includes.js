import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * @typedef {object} SearchPath
 * @property {string} cwd
 * @property {readonly string[]} folders absolute
 * @property {readonly string[]} forced names that are included before the first line
 */

const directive = /^[ \t]*(?:#|%:)[ \t]*(?:include|include_next|import|embed|define|if|elif)\b.*$/gm;
const quotedName = /"([^"\n]+)"|<([^>\n]+)>/g;

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
  const waiting = [source, ...search.forced.flatMap((name) => candidates(name, search.cwd, search.folders))];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const bytes = found.has(path) ? undefined : readIfFile(path);
    if (!bytes) continue;
    found.set(path, bytes);
    for (const name of quotedNames(bytes)) waiting.push(...candidates(name, dirname(path), search.folders));
  }
  return found;
}

/** @param {Buffer} bytes */
function quotedNames(bytes) {
  const lines =
    bytes
      .toString()
      .replace(/\\\r?\n/g, ' ')
      .match(directive) ?? [];
  const names = lines.flatMap((line) => [...line.matchAll(quotedName)].map((match) => match[1] ?? match[2]));
  return new Set(names);
}

/**
 * @param {string} name
 * @param {string} includer
 * @param {readonly string[]} folders
 */
function candidates(name, includer, folders) {
  return [includer, ...folders].map((folder) => resolve(folder, name));
}

/** @param {string} path */
function readIfFile(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
