/** @import { AppOptions, ModuleTypes } from './app.js' */
/** @import { Source } from './compile.js' */
/** @import { WasiOptions } from './wasi.js' */

import { App } from './app.js';
import { checkMilliseconds, checkNames, checkOption, checkSize } from './check.js';
import { compile } from './compile.js';
import { makeError } from './errors.js';
import { readRecords } from './records.js';

/**
 * The options for a module whose door is M.
 *
 * @template {ModuleTypes} M
 * @typedef {Omit<AppOptions, 'imports'> & WasiOptions & ({} extends M['imports'] ? Pick<AppOptions, 'imports'> : { imports: M['imports'] & Record<string, Record<string, Function>> })} LoadOptions
 */

/**
 * @template {ModuleTypes} M
 * @typedef {{} extends M['imports'] ? [options?: LoadOptions<M>] : [options: LoadOptions<M>]} LoadArguments
 */

/** Of AppOptions and WasiOptions. */
const OPTIONS = (
  'imports onUnhandled onEnd clock slice stack mainStack isCommand endsWithMain ' +
  'args env stdin stdout stderr isTerminal'
).split(' ');

/** @param {string} host */
function wrongHost(host) {
  const message = `this module was built with --host ${host}: run it as a command`;
  return makeError('GREENLET_EMODULE', message);
}

/**
 * Loads a module that `greenlet-wasm build` has made, and starts its runtime; nothing of the program runs yet.
 *
 * @param {Source} source a URL, a path (in Node), a Response or a promise of one, the bytes, or the compiled module
 * @template {ModuleTypes} [M=ModuleTypes] what `greenlet-wasm types` has written for the module
 * @param {LoadArguments<M>} rest the options; needed if M has imports
 * @returns {Promise<App<M>>}
 * @throws {import('./errors.js').ModuleError} if the source is no module or the answer of a server is none, if it was
 *   not built with the command, or by another version or for another host, or if greenlets do not switch in it
 * @throws {TypeError} for a source of another kind, an option that is none, or an import that is missing
 */
export async function load(source, ...rest) {
  const options = /** @type {AppOptions & WasiOptions} */ (rest[0] ?? {});
  checkNames('load', options, OPTIONS);
  checkSize('stack', options.stack);
  checkSize('mainStack', options.mainStack);
  checkMilliseconds('slice', options.slice);
  checkOption('clock', options.clock, /^(real|virtual)$/.test(String(options.clock)), "'real' or 'virtual'");
  const module = await compile(source);
  const records = readRecords(module);
  if (records.build.host !== 'javascript') throw wrongHost(records.build.host);
  const app = /** @type {App<any>} */ (new App(module, records, options));
  return app.start();
}
