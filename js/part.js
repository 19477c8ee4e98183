import { makeError, textOf } from './errors.js';

/**
 * Loads a file of the package that not every app needs. Each is one of its own where bundlers split.
 *
 * @template T
 * @param {Promise<T>} loading an `import()` with a name that bundlers can read
 * @returns {Promise<T>}
 * @throws {import('./errors.js').ModuleError} GREENLET_EMODULE; `cause` is what the host says
 */
export async function loadPart(loading) {
  try {
    return await loading;
  } catch (cause) {
    throw makeError('GREENLET_EMODULE', `a file of greenlet-wasm cannot be loaded: ${textOf(cause)}`, {
      cause,
    });
  }
}
