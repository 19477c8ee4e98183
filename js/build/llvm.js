/**
 * clang and wasm-ld of the npm package, which see a file system made of exactly what they are given. Nothing here
 * needs Node: pages compile with it too.
 *
 * @typedef {import('@yowasp/clang').Tree} Tree
 * @typedef {Pick<typeof import('@yowasp/clang'), 'runLLVM' | 'Exit'>} Llvm
 *
 * @typedef {object} LinkCommand
 * @property {readonly string[]} args
 * @property {readonly string[]} inputs objects and archives, by the names that they have in that file system
 * @property {readonly string[]} lazy objects that are linked only if something of them is wanted
 * @property {readonly string[]} libraries what follows the inputs
 */

/** The package's sysroot, where it lies in that file system. */
export const sysroot = '/usr';

/** Where, below the sysroot, the libraries lie. */
export const layout = {
  libraries: 'lib/wasm32-wasip1',
  builtins: 'lib/wasm32-unknown-wasip1/libclang_rt.builtins.a',
};

/**
 * @param {readonly string[]} args
 * @param {string} source
 * @param {string} object
 * @returns {string[]}
 */
export function compileCommand(args, source, object) {
  return ['clang', '--target=wasm32-wasip1', ...args, '-c', source, '-o', object];
}

/**
 * @param {LinkCommand} job
 * @param {string} output
 * @returns {string[]}
 */
export function linkCommand({ args, inputs, lazy, libraries }, output) {
  return ['wasm-ld', ...args, ...inputs, '--start-lib', ...lazy, '--end-lib', ...libraries, '-o', output];
}

/**
 * @param {Llvm} llvm
 * @param {readonly string[]} command
 * @param {Tree} tree
 * @param {string} result what the command writes, in its file system
 * @returns {Promise<{ bytes?: Uint8Array, diagnostics: string }>} bytes: the result, if all went well
 */
export async function runTool({ runLLVM, Exit }, command, tree, result) {
  const decoder = new TextDecoder();
  let diagnostics = '';
  const stderr = (/** @type {Uint8Array | null} */ bytes) => {
    if (bytes) diagnostics += decoder.decode(bytes, { stream: true });
  };
  const options = { stdout: null, stderr, decodeASCII: false, fetchProgress: () => {} };
  try {
    const after = await runLLVM([...command], tree, options);
    return { bytes: fileIn(after ?? {}, result), diagnostics };
  } catch (error) {
    if (error instanceof Exit) return { diagnostics };
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const crash = `${command[0]}: error: the compiler itself failed: ${error.message}\n`;
    return { diagnostics: diagnostics + crash };
  }
}

/**
 * Paths with `..` mean nothing to the package's file system, but clang's overlay resolves them.
 * @param {readonly (readonly [string, string])[]} places the path of each file, and where its content is
 * @returns {string} what `-ivfsoverlay` takes
 */
export function overlayOf(places) {
  const roots = places.map(([name, content]) => ({ type: 'file', name, 'external-contents': content }));
  return JSON.stringify({ version: 0, 'case-sensitive': true, 'use-external-names': false, roots });
}

/** @param {readonly (readonly [string, string | Uint8Array])[]} files */
export function treeOf(files) {
  /** @type {Tree} */
  const tree = {};
  for (const [path, content] of files) place(tree, path, content);
  return tree;
}

/**
 * @param {Tree} tree
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function place(tree, path, content) {
  const names = namesIn(path);
  const name = /** @type {string} */ (names.pop());
  const folder = names.reduce((at, next) => /** @type {Tree} */ ((at[next] ??= {})), tree);
  folder[name] = content;
}

/**
 * @param {Tree} tree
 * @param {string} path
 */
function fileIn(tree, path) {
  const found = namesIn(path).reduce((/** @type {any} */ at, name) => at?.[name], tree);
  return /** @type {Uint8Array} */ (found);
}

/** @param {string} path its `..` are dropped, as the package's file system does */
function namesIn(path) {
  return path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..');
}
