import process from 'node:process';

/** What a shell reports of a process that aborted. */
const ABORTED = 134;

/**
 * @typedef {object} WasiCommandOptions
 * @property {string[]} [args] argv, the program's name first
 * @property {NodeJS.ProcessEnv} [env] Default: the process's
 * @property {Record<string, string>} [preopens] folders, by the names under which the program finds them
 * @property {number} [stdin] a file descriptor. Default: the process's own, as of the next two
 * @property {number} [stdout]
 * @property {number} [stderr]
 */

/**
 * Runs a module that was built with `--host wasi` as a command, on Node's own WASI.
 *
 * @param {WebAssembly.Module} module
 * @param {WasiCommandOptions} [options]
 * @returns {Promise<number>} its exit status; 134 if it trapped, about which it has said why
 */
export async function runWasiCommand(module, { env = process.env, ...options } = {}) {
  const wasi = await withoutWarnings(async () => {
    const { WASI } = await import('node:wasi');
    return new WASI({ version: 'preview1', returnOnExit: true, env, ...options });
  });
  const imports = indirect(/** @type {any} */ (wasi.getImportObject()));
  const instance = await WebAssembly.instantiate(module, imports);
  try {
    return wasi.start(instance);
  } catch (reason) {
    process.stderr.write(`greenlet-wasm: the module trapped: ${messageOf(reason)}\n`);
    return ABORTED;
  }
}

/**
 * @param {unknown} reason for which the module ended
 * @throws {unknown} the reason, if it is not the module's
 */
function messageOf(reason) {
  if (reason instanceof WebAssembly.Exception) return 'longjmp to a function that has returned';
  if (reason instanceof WebAssembly.RuntimeError || reason instanceof RangeError) return reason.message;
  throw reason;
}

/**
 * Calls each function through another one. Where compiled code calls Node's own at once, Node 20 crashes when memory
 * has grown; and none of them takes numbers of the upper half, which arrive as negative ones.
 *
 * @param {Record<string, Record<string, Function>>} modules
 * @returns {WebAssembly.Imports}
 */
function indirect(modules) {
  const unsigned = (/** @type {unknown} */ value) => (typeof value === 'number' ? value >>> 0 : value);
  const wrap =
    (/** @type {Function} */ call) =>
    (/** @type {any[]} */ ...values) =>
      call(...values.map(unsigned));
  const wrapAll = (/** @type {Record<string, Function>} */ functions) =>
    Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, wrap(call)]));
  return Object.fromEntries(Object.entries(modules).map(([name, functions]) => [name, wrapAll(functions)]));
}

/**
 * Node calls its WASI experimental, which says nothing to whoever runs a program.
 *
 * @template T
 * @param {() => Promise<T>} make
 */
async function withoutWarnings(make) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return await make();
  } finally {
    process.emitWarning = emitWarning;
  }
}
