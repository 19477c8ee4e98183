const { Bun, Deno, document, process } = /** @type {any} */ (globalThis);

const hasNodeModules = typeof process?.versions?.node === 'string';

/** Where the tests run. */
export const host = {
  /** Node itself, not what resembles it. */
  isNode: hasNodeModules && !Bun && !Deno,
  isBun: Boolean(Bun),
  /** A page or a worker of a browser. */
  isBrowser: !hasNodeModules,
  /** Something that paints. */
  isPage: document !== undefined,
  /** How Emscripten has linked the programs, if it has. @type {'release' | 'debug' | undefined} */
  emscripten: process?.env?.GREENLET_TEST_EMSCRIPTEN,
};
