/** @import { AppOptions } from './app.js' */
/** @import { ImportSignature, Records } from './records.js' */

import { App } from './app.js';
import { checkInput, checkMilliseconds, checkNames, checkSize } from './check.js';
import { openInput, Streams } from './emscripten-streams.js';
import { ExitStatus, ModuleError, makeError, StackOverflowError, TrapError } from './errors.js';
import * as iterations from './iterate.js';
import { Memory } from './memory.js';
import { AsyncContexts, ExitWatch, Signals } from './process.js';
import { ABI, addExport, importOf } from './records.js';

/**
 * What Emscripten's code gives (wasm/library_emscripten.js).
 *
 * @typedef {object} Glue
 * @property {Record<string, any>} module Emscripten's `Module`
 * @property {() => Record<string, any>} exports functions and memory, once they are there
 * @property {() => string[]} arguments of main(), the program's name first
 * @property {(text: string) => void} printError
 * @property {boolean} isDebug -sASSERTIONS
 * @property {boolean} endsWithMain -sEXIT_RUNTIME
 * @property {() => import('./emscripten-streams.js').FileSystem | undefined} fileSystem Emscripten's `FS`, if it is linked in
 * @property {Record<string, any>} [asyncify] what Emscripten's own asynchronous functions wait by
 */

/**
 * How a greenlet waits in a function of JavaScript that Emscripten would have unwound for.
 *
 * @type {ImportSignature}
 */
const foreign = { module: 'emscripten', name: 'await', result: 'f64', parameters: [] };

/** It takes no arguments, and its result comes later. */
const NO_CELLS = 0;

/** @param {boolean} debug @returns {import('./records.js').BuildRecord} of what has none */
function buildRecord(debug) {
  return { version: '', abi: ABI, compiler: 'emcc', debug, stackCheck: true, host: 'emscripten' };
}

/** @param {unknown} cause */
function wrongFlags(cause) {
  const message =
    'greenlets do not switch in this program: give emcc all that `greenlet-wasm flags --emscripten` prints, ' +
    'and nothing after it that takes any back';
  return makeError('GREENLET_EMODULE', message, { cause });
}

/** Those that Emscripten has no options of its own for. */
const OPTIONS = [
  'imports',
  'onUnhandled',
  'onEnd',
  'clock',
  'slice',
  'stack',
  'mainStack',
  'isCommand',
  'endsWithMain',
  'stdin',
];

/** @param {AppOptions & { stdin?: import('./input.js').InputOption }} options */
function checkOptions(options) {
  checkNames('greenletOptions', options, OPTIONS);
  checkSize('stack', options.stack);
  checkSize('mainStack', options.mainStack);
  checkMilliseconds('slice', options.slice);
  checkInput(options.stdin);
}

/** Who was running, which is asked for when an instance has ended. */
const FAULT = new Set(['gevent_wasm_current_task', 'gevent_wasm_current_name']);

/** What a shell reports of a process that aborted, and of one that could not do its work. */
const ABORTED = 134;
const FAILED = 1;

/**
 * This package's side of a program that Emscripten has linked: its functions for C, and the app of the instance, which
 * is `Module.greenlet`. Its options are `Module.greenletOptions`, those of `load`.
 */
export class EmscriptenHost {
  #glue;
  /** @type {App<any>} */ #app;
  /** @type {Records} */ #records;
  /** @type {Map<number, (cells: number, slot: number) => number>} by the address of the record */ #imports =
    new Map();
  /** @type {Map<number, Promise<unknown>>} that C is about to wait for */ #operations = new Map();
  #lastOperation = 0;

  /** @param {Glue} glue */
  constructor(glue) {
    this.#glue = glue;
    const { isDebug, endsWithMain, module } = glue;
    this.#records = { build: buildRecord(isDebug), exports: new Map(), imports: new Map() };
    /** @type {AppOptions} */
    const options = { isCommand: endsWithMain, endsWithMain, ...module.greenletOptions };
    checkOptions(options);
    this.#app = new App(/** @type {any} */ (undefined), this.#records, options);
    /** What wasm/host.h declares. */
    this.functions = this.#app.hostFunctions();
    if (glue.asyncify) this.#takeOver(glue.asyncify);
  }

  /** Starts the runtime, and main(), if there is one and nobody else is to do it. */
  start() {
    const { module } = this.#glue;
    this.#exports = this.#glue.exports();
    this.#startApp();
    module.greenlet = this.#app;
    if (module.noInitialRun || !this.#app.hasMain) return;
    this.#app.run().then(
      (code) => this.#setStatus(code),
      (reason) => this.#fail(reason),
    );
  }

  /** @param {import('./descriptors.js').DescriptorsHost} host */
  #openStreams(host) {
    const { module, fileSystem } = this.#glue;
    const input = openInput(module.greenletOptions?.stdin, module, host.report);
    return new Streams(fileSystem(), input, host);
  }

  #startApp() {
    const { gevent_wasm_construct: _hasBeenDone, ...exports } = this.#readExports();
    const process = { AsyncContexts, ExitWatch, Signals };
    const openStreams = (/** @type {import('./descriptors.js').DescriptorsHost} */ host) =>
      this.#openStreams(host);
    try {
      this.#app.startIn(exports, { iterations, process, openStreams });
    } catch (reason) {
      throw reason instanceof ModuleError ? wrongFlags(reason) : reason;
    }
  }

  /** @type {Record<string, any>} */ #exports = {};

  /** The exports of the runtime, and those of the program by the names that they have elsewhere. */
  #readExports() {
    /** @type {Record<string, any>} */
    const all = {};
    for (const [name, value] of Object.entries(this.#exports))
      all[name] = typeof value === 'function' ? this.#translate(name, value) : value;
    for (const [name, enter] of this.#programExports()) all[name] = this.#translate(name, enter);
    return all;
  }

  /** @type {ExitStatus | undefined} of an exit() with which Emscripten has taken its runtime down */ #exit;

  /** @param {string} name @param {Function} entry @returns {(...values: any[]) => any} */
  #translate(name, entry) {
    return (...values) => {
      if (this.#exit && FAULT.has(name)) return 0;
      if (this.#exit) throw this.#exit;
      try {
        return entry(...values);
      } catch (reason) {
        throw this.#translateReason(reason);
      }
    };
  }

  /** @param {any} reason what Emscripten throws in exit(), as this package does */
  #translateReason(reason) {
    if (reason?.name !== 'ExitStatus') return reason;
    const exit = new ExitStatus(reason.status);
    if (this.#glue.endsWithMain) this.#exit = exit;
    return exit;
  }

  /** @returns {Iterable<[name: string, enter: Function]>} */
  *#programExports() {
    const { exports } = this.#records;
    const { gevent_wasm_next_export, gevent_wasm_export_record, gevent_wasm_export_thunk } = this.#exports;
    for (let each = gevent_wasm_next_export(0); each; each = gevent_wasm_next_export(each)) {
      const line = this.#readString(gevent_wasm_export_record(each));
      const thunk = gevent_wasm_export_thunk(each);
      addExport(exports, line);
      const enter = (/** @type {any[]} */ ...values) =>
        this.#exports.gevent_wasm_enter_export(thunk, ...values);
      yield [`gevent.${line.split(' ')[1]}`, enter];
    }
  }

  /** @param {number} pointer */
  #readString(pointer) {
    return new Memory(this.#exports).readString(pointer);
  }

  /** @param {unknown} reason why main() has not ended as it should */
  #fail(reason) {
    this.#glue.printError(String(reason));
    this.#setStatus(reason instanceof TrapError || reason instanceof StackOverflowError ? ABORTED : FAILED);
  }

  /** @param {number} code of the process, where there is one */
  #setStatus(code) {
    const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
    if (process?.versions?.node && code) process.exitCode = code;
  }

  // ---- what C calls -------------------------------------------------------------------------------

  /** main() with its arguments, which are not looked at when its frames come back. */
  callMain() {
    const { module } = this.#glue;
    if (this.#exports.gevent_wasm_is_rewinding()) return module._main(0, 0);
    const texts = this.#glue.arguments();
    return module._main(texts.length, this.#writeArguments(texts));
  }

  /** @param {string[]} texts @returns {number} argv, for as long as the instance lives */
  #writeArguments(texts) {
    const memory = new Memory(this.#exports);
    const block = memory.allocate(4 * (texts.length + 1));
    const pointers = texts.map((text) => memory.writeString(text).data);
    for (const [i, pointer] of [...pointers, 0].entries())
      memory.view.setUint32(block + 4 * i, pointer, true);
    return block;
  }

  /**
   * Any import of the door.
   *
   * @param {number} record @param {number} cells @param {number} slot
   */
  callImport(record, cells, slot) {
    let call = this.#imports.get(record);
    if (!call) {
      call = this.#findImport(record);
      this.#imports.set(record, call);
    }
    return call(cells, slot);
  }

  /** @param {number} record */
  #findImport(record) {
    const signature = importOf(this.#readString(record));
    try {
      return this.#app.importFunction(signature);
    } catch (reason) {
      return this.#app.importFunction(signature, () => {
        throw reason;
      });
    }
  }

  /** @param {number} operation @param {number} slot */
  await(operation, slot) {
    const promise = /** @type {Promise<unknown>} */ (this.#operations.get(operation));
    this.#operations.delete(operation);
    this.#app.importFunction(foreign, () => promise)(NO_CELLS, slot);
  }

  // ---- what Emscripten would have unwound for -----------------------------------------------------

  /** @param {Record<string, any>} asyncify */
  #takeOver(asyncify) {
    asyncify.handleSleep = (/** @type {(wakeUp: (value?: any) => void) => any} */ begin) => this.#wait(begin);
    asyncify.handleAsync = (/** @type {() => Promise<any>} */ begin) =>
      this.#wait((wakeUp, fail) => void begin().then(wakeUp, fail));
  }

  /**
   * Called once by C, and, as everything that is on the stack, once more whenever its greenlet has been unwound.
   *
   * @param {(wakeUp: (value?: any) => void, fail: (reason: unknown) => void) => any} begin
   */
  #wait(begin) {
    if (this.#exports.gevent_wasm_is_rewinding()) return this.#exports.gevent_wasm_await(0);
    if (!this.#mayWait()) return 0;
    const outcome = this.#beginOperation(begin);
    return outcome.isThere ? outcome.value : this.#exports.gevent_wasm_await(this.#lastOperation);
  }

  /** @returns {boolean} false if the greenlet was told to end: then each of its calls fails @throws where none can wait */
  #mayWait() {
    const code = this.#exports.gevent_wasm_check_await();
    if (code >= 0) return true;
    const name = this.#readString(this.#exports.gevent_wasm_error_name(code));
    if (name === 'GREENLET_ECANCELED') return false;
    throw makeError(name, 'an asynchronous function of Emscripten was called where no greenlet can wait');
  }

  /** @param {(wakeUp: (value?: any) => void, fail: (reason: unknown) => void) => any} begin */
  #beginOperation(begin) {
    const outcome = { isThere: false, value: 0 };
    const promise = new Promise((resolve, reject) => {
      const wakeUp = (/** @type {any} */ value = 0) => {
        Object.assign(outcome, { isThere: true, value });
        resolve(Number(value));
      };
      Promise.resolve(begin(wakeUp, reject)).catch(reject);
    });
    if (!outcome.isThere) this.#operations.set(++this.#lastOperation, promise);
    return outcome;
  }
}
