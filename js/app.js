/** @import { Records, Signature } from './records.js' */
/** @import { WasiOptions } from './wasi.js' */
/** @import { Door } from './cells.js' */
/** @import { TaskControl } from './task.js' */

import { Errors } from './c-errors.js';
import { CELL_SIZE, freeCell, readCell, writeCell } from './cells.js';
import { Driver } from './driver.js';
import { ExitStatus, GreenletError, makeError } from './errors.js';
import { Imports } from './imports.js';
import { Memory } from './memory.js';
import { References } from './references.js';
import { Task, withResolvers } from './task.js';
import { byLine, Wasi } from './wasi.js';

/** The statuses of gevent_status_t (src/gevent.h). */
const STATUSES = /** @type {const} */ (['pending', 'returned', 'killed', 'failed']);

/**
 * @typedef {object} AppOptions
 * @property {Record<string, Record<string, Function>>} [imports] the functions that C calls, by module and name.
 *   Each gets the values that C passed and, last, a context with a `signal`. It may be async: then only the
 *   greenlet that called it waits.
 * @property {(error: unknown, task?: Task) => void} [onUnhandled] told of failures that nobody looks at; the
 *   default prints them with console.error
 * @property {'real' | 'virtual'} [clock] virtual: time jumps to the next deadline when nobody can run
 * @property {number} [slice] milliseconds after which the event loop gets its turn; 8
 * @property {number} [stack] bytes of C stack for each greenlet that names none; 32768
 * @property {number} [mainStack] bytes of C stack for main(); 1 MiB
 * @property {boolean} [isCommand] main() is all there is: its blocked call fails when nobody can wake it
 *
 * @typedef {object} SpawnOptions
 * @property {AbortSignal} [signal] kills the task when it aborts
 * @property {string} [name] for reports and errors; the export's name
 * @property {number} [timeout] milliseconds; then the task's pending call fails with GREENLET_EEXPIRED
 * @property {number} [stack] bytes of C stack
 *
 * @typedef {object} Running
 * @property {Task} task
 * @property {TaskControl} control
 * @property {Signature} signature
 * @property {number} block the address of its cells
 * @property {number[]} lent references that end with the call
 * @property {unknown} reason for which it is killed, if one was given
 * @property {() => void} unlisten
 */

/**
 * A module that has been loaded: one instance, its memory, its hub and all that runs in it.
 */
export class App {
  /** @type {Records} */ #records;
  /** @type {AppOptions} */ #options;
  /** @type {Record<string, any>} */ #exports = {};
  /** @type {Memory} */ #memory = /** @type {any} */ (undefined);
  /** @type {Errors} */ #errors = /** @type {any} */ (undefined);
  /** @type {Driver} */ #driver;
  /** @type {Imports} */ #imports;
  #references = new References();
  /** @type {Map<number, Running>} */ #running = new Map();
  /** @type {Set<import('./task.js').PromiseWithResolvers<void>>} */ #drains = new Set();
  /** @type {import('./task.js').PromiseWithResolvers<number> | undefined} */ #main;
  /** @type {unknown} the reason why nothing can be called any more */ #end;
  #beforeExit = () => this.#rejectWaiting();

  /**
   * Use `load`.
   *
   * @param {WebAssembly.Module} module
   * @param {Records} records
   * @param {AppOptions & WasiOptions} options
   */
  constructor(module, records, options) {
    /** The module that it is an instance of. */
    this.module = module;
    this.#records = records;
    this.#options = options;
    this.#driver = new Driver({
      turn: (slice) => this.#turn(slice),
      over: () => this.#over(),
      slice: options.slice ?? 8,
    });
    const app = this;
    this.#imports = new Imports({
      get door() {
        return app.#door(app.#lentToCaller());
      },
      get errors() {
        return app.#errors;
      },
      get exports() {
        return app.#exports;
      },
      wake: () => this.#driver.wake(),
      isOver: () => this.#end !== undefined,
    });
  }

  // ---- start --------------------------------------------------------------------------------------

  /**
   * Makes the instance. Called by `load`, once.
   *
   * @returns {Promise<this>}
   */
  async start() {
    const instance = await WebAssembly.instantiate(this.module, this.#importObject());
    this.#exports = this.#guard(instance.exports);
    this.#memory = new Memory(this.#exports);
    this.#errors = new Errors(this.#exports, this.#memory, this.#references);
    const { mainStack = 0, stack = 0, clock } = this.#options;
    const code = this.#exports.gevent_wasm_start(mainStack, stack);
    if (code < 0) throw this.#startError(code);
    if (clock === 'virtual') this.#exports.gevent_wasm_use_virtual_clock();
    return this;
  }

  /** @param {number} code */
  #startError(code) {
    const error = this.#errors.fromCode(code);
    if (error.code !== 'GREENLET_EMODULE') return error;
    const message =
      'greenlets do not switch in this module: an optimiser has inlined the switch before the module was ' +
      'instrumented, or other tools have changed it; build it with `greenlet-wasm build`, and run no wasm-opt before';
    return makeError(error.code, message);
  }

  #importObject() {
    /** @type {Record<string, Record<string, any>>} */
    const result = {};
    /** @type {Record<string, string[]>} */
    const wanted = {};
    for (const { module, name } of WebAssembly.Module.imports(this.module)) (wanted[module] ??= []).push(name);
    for (const [module, names] of Object.entries(wanted)) result[module] = this.#importsOf(module, names);
    return result;
  }

  /** @param {string} module @param {string[]} names @returns {Record<string, any>} */
  #importsOf(module, names) {
    if (module === 'gevent_host') return this.#hostFunctions();
    if (module === 'gevent') return Object.fromEntries(names.map((name) => [name, this.#wrapImport(name)]));
    if (module === 'wasi_snapshot_preview1') return this.#wasiFunctions(names);
    return Object.fromEntries(names.map((name) => [name, this.#findImport(module, name)]));
  }

  /** @param {string} name of the record: module.name */
  #wrapImport(name) {
    const signature = this.#records.imports.get(name);
    if (!signature) throw makeError('GREENLET_EMODULE', `the module has lost its record of the import ${name}`);
    return this.#imports.wrap(signature, this.#findImport(signature.module, signature.name));
  }

  /** @param {string} module @param {string} name */
  #findImport(module, name) {
    const implementation = this.#options.imports?.[module]?.[name];
    if (typeof implementation === 'function') return implementation;
    throw new TypeError(`options.imports.${module}.${name}: expected a function, got ${typeof implementation}`);
  }

  /** @param {string[]} names */
  #wasiFunctions(names) {
    const options = /** @type {WasiOptions} */ (this.#options);
    const wasi = new Wasi({ ...standardStreams(), ...options }, () => this.#memory, () => this.#driver.now());
    return { ...wasi.functions(names), ...this.#options.imports?.wasi_snapshot_preview1 };
  }

  #hostFunctions() {
    return {
      now: () => this.#driver.now(),
      fatal: (/** @type {number} */ code, /** @type {number} */ message) => this.#fatal(code, message),
      task_finished: (/** @type {number} */ task, /** @type {number} */ status, /** @type {number} */ error) =>
        this.#finish(task, STATUSES[status], error),
      unhandled: (/** @type {number} */ _name, /** @type {number} */ error) =>
        this.#reportUnhandled(this.#errors.fromC(error)),
      main_finished: (/** @type {number} */ code) => this.#finishMain(code),
      abandon: (/** @type {number} */ slot) =>
        this.#imports.abandon(slot, makeError('GREENLET_EEXIT', 'C no longer waits for this')),
      release_reason: (/** @type {number} */ reason) => this.#references.remove(reason),
    };
  }

  // ---- the end ------------------------------------------------------------------------------------

  /**
   * Every way into the instance: refused once it is over, and the end of it if it traps.
   *
   * @param {WebAssembly.Exports} exports
   */
  #guard(exports) {
    /** @type {Record<string, any>} */
    const guarded = {};
    for (const [name, value] of Object.entries(exports)) {
      guarded[name] = typeof value === 'function' ? this.#guardFunction(value) : value;
    }
    return guarded;
  }

  /** @param {Function} entry */
  #guardFunction(entry) {
    return (/** @type {any} */ a, /** @type {any} */ b, /** @type {any} */ c, /** @type {any} */ d, /** @type {any} */ e) => {
      if (this.#end !== undefined) throw this.#end;
      try {
        return entry(a, b, c, d, e);
      } catch (reason) {
        throw this.#endWith(reason);
      }
    };
  }

  /** @param {number} code @param {number} message */
  #fatal(code, message) {
    throw makeError(this.#errors.nameOf(code), this.#memory.readString(message), { greenlet: this.#currentName() });
  }

  #currentName() {
    return this.#memory.readString(this.#exports.gevent_wasm_current_name());
  }

  /**
   * Something was thrown through the frames of wasm: they are gone, and the instance with them.
   *
   * @param {unknown} reason
   */
  #endWith(reason) {
    if (this.#end !== undefined) return this.#end;
    const { task, greenlet } = this.#findFault();
    this.#end = endReason(reason, greenlet);
    this.#stop(this.#end, task);
    if (reason instanceof ExitStatus) this.#main?.resolve(reason.code);
    else this.#main?.reject(this.#end);
    return this.#end;
  }

  /** Who was running. Nothing of the program is called, and what cannot be read is left out. */
  #findFault() {
    try {
      return { task: this.#exports.gevent_wasm_current_task(), greenlet: this.#currentName() };
    } catch {
      return { task: 0, greenlet: '' };
    }
  }

  /**
   * Ends all that is still running: the task at fault first.
   *
   * @param {unknown} reason
   * @param {number} [fault]
   */
  #stop(reason, fault = 0) {
    this.#driver.stop();
    const first = this.#running.get(fault);
    const others = [...this.#running.values()].filter((running) => running !== first);
    this.#running.clear();
    for (const running of first ? [first, ...others] : others) {
      running.unlisten();
      this.#settle(running, 'failed', reason);
    }
    this.#imports.abandonAll(reason);
    for (const drain of this.#drains) drain.reject(reason);
    this.#drains.clear();
    this.#watchExit();
  }

  /**
   * Kills everything that runs, lets its clean-up run, and ends the instance. Calls after it are refused with
   * GREENLET_EDISPOSED.
   */
  dispose() {
    if (this.#end !== undefined) return;
    for (const { task } of [...this.#running.values()]) task.kill();
    this.#exports.gevent_wasm_turn(-1);
    this.#end = makeError('GREENLET_EDISPOSED', 'the app has been disposed');
    this.#stop(this.#end);
    this.#main?.reject(this.#end);
  }

  // ---- the hub ------------------------------------------------------------------------------------

  /** @param {number} slice */
  #turn(slice) {
    try {
      this.#imports.deliver();
      return this.#exports.gevent_wasm_turn(slice);
    } catch {
      return 0; // it has ended, and whoever waited has been told
    }
  }

  // Nothing is left that could wake anybody, but JavaScript itself.
  #over() {
    if (this.#end !== undefined) return;
    if (this.#exports.gevent_wasm_end_run()) return this.#driver.wake();
    if (this.#options.isCommand && this.#exports.gevent_wasm_main_is_active()) return this.#failMain();
    const isIdle = this.#running.size === 0 && !this.#exports.gevent_wasm_main_is_active();
    const error = isIdle ? undefined : this.#loopExit();
    for (const drain of this.#drains) error ? drain.reject(error) : drain.resolve(undefined);
    this.#drains.clear();
    if (error && this.#exports.gevent_wasm_main_is_active()) this.#main?.reject(error);
  }

  #failMain() {
    try {
      this.#exports.gevent_wasm_end_of_work();
    } catch {
      return; // it has ended, and whoever waited has been told
    }
    this.#driver.wake();
  }

  #loopExit() {
    return makeError('GREENLET_EDEADLK', `nothing is left that could wake anybody: ${this.waiting().join('; ')}`);
  }

  #rejectWaiting() {
    if (this.#end !== undefined || !this.#driver.isOver) return;
    const error = this.#loopExit();
    for (const running of this.#running.values()) this.#settle(running, 'failed', error);
  }

  /** Node tells when its event loop is empty: whoever then still waits, waits for ever. */
  #watchExit() {
    const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
    if (typeof process?.on !== 'function') return;
    process.off('beforeExit', this.#beforeExit);
    if (this.#running.size > 0) process.on('beforeExit', this.#beforeExit);
  }

  /** Who waits for what, a line each. */
  waiting() {
    const report = this.#exports.gevent_wasm_dump();
    const text = this.#memory.readString(report);
    this.#memory.free(report);
    return text === '' ? [] : text.split('\n');
  }

  /**
   * Resolves when nothing is running any more; rejects with a LoopExitError if what is left waits for something
   * that only JavaScript could still do.
   *
   * @returns {Promise<void>}
   */
  drain() {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const drain = /** @type {import('./task.js').PromiseWithResolvers<void>} */ (withResolvers());
    this.#drains.add(drain);
    this.#driver.wake();
    return drain.promise;
  }

  // ---- main ---------------------------------------------------------------------------------------

  /** Whether the program has a main(). */
  get hasMain() {
    return this.#exports.gevent_wasm_has_main() !== 0;
  }

  /**
   * Runs main(). Resolves with what it returned or gave to exit(); rejects with a LoopExitError if it waits and
   * nobody is left to wake it, and with the reason if the instance ends.
   *
   * @returns {Promise<number>}
   */
  run() {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    if (!this.hasMain) return Promise.reject(makeError('GREENLET_EEXPORT', 'the program has no main()'));
    const main = /** @type {import('./task.js').PromiseWithResolvers<number>} */ (withResolvers());
    const previous = this.#main;
    this.#main = main;
    try {
      const code = this.#exports.gevent_wasm_start_main();
      if (code < 0) {
        this.#main = previous;
        return Promise.reject(this.#errors.fromCode(code));
      }
    } catch {
      return main.promise; // which has been told
    }
    this.#driver.wake();
    return main.promise;
  }

  /** @param {number} code */
  #finishMain(code) {
    this.#main?.resolve(code);
    this.#main = undefined;
  }

  /**
   * Ends a command as exit() does: at-exit functions run and buffers are written.
   *
   * @param {number} code
   */
  exit(code) {
    try {
      this.#exports.gevent_wasm_exit(code);
    } catch (reason) {
      if (!(reason instanceof GreenletError && reason.code === 'GREENLET_EDISPOSED')) throw reason;
    }
  }

  // ---- calls --------------------------------------------------------------------------------------

  /** Bytes of the instance's linear memory: all that the program and its greenlets take. */
  get memorySize() {
    return this.#memory.bytes.length;
  }

  /** The names of the functions that can be spawned. */
  get exports() {
    return [...this.#records.exports.keys()];
  }

  /**
   * Starts an export as a greenlet; it runs after the caller has returned to the event loop. Any number may
   * run at once, of the same export too.
   *
   * @param {string} name of the export
   * @param {...any} values its arguments, and after them perhaps a SpawnOptions
   * @returns {Task}
   * @throws {GreenletError} GREENLET_EEXPORT, GREENLET_ENOMEM, or the reason of the end
   * @throws {TypeError} for arguments that are not what the export takes
   */
  spawn(name, ...values) {
    const signature = this.#find(name);
    const { args, options } = splitOptions(signature, values);
    const control = /** @type {TaskControl} */ ({});
    const task = new Task(this, options.name ?? name, control);
    if (options.signal?.aborted) {
      control.settle('killed', options.signal.reason);
      return task;
    }
    this.#start(task, control, signature, args, options);
    return task;
  }

  /**
   * Kills a task of this app.
   *
   * @param {Task} task
   * @param {unknown} [reason] with which awaiting it rejects
   */
  kill(task, reason) {
    if (task?.app !== this) throw makeError('GREENLET_EHANDLE', 'the task belongs to another app');
    task.kill(reason);
  }

  /**
   * Calls an export at once, as the main greenlet, and returns its result. It may switch to greenlets that
   * switch back; if it would have to wait, it fails with a WouldBlockError. From within an import it runs as a
   * root of its own.
   *
   * @param {string} name of the export
   * @param {...any} args
   * @returns {any}
   */
  callSync(name, ...args) {
    const signature = this.#find(name);
    if (args.length !== signature.parameters.length) throw wrongCount(signature, args.length);
    /** @type {number[]} */
    const lent = [];
    const block = this.#writeBlock(signature, args, lent);
    const code = this.#exports[`gevent.${name}`](block, 1, 0, 0, 0);
    try {
      if (code < 0) throw this.#synchronousError(code);
      return this.#takeResult(signature, block, lent);
    } finally {
      this.#freeBlock(signature, block, lent);
      this.#driver.wake();
    }
  }

  /** @param {number} code */
  #synchronousError(code) {
    const error = this.#exports.gevent_wasm_synchronous_error();
    return error && this.#exports.gevent_wasm_error_code(error) === code
      ? this.#errors.fromC(error)
      : this.#errors.fromCode(code);
  }

  /** @param {string} name @returns {Signature} */
  #find(name) {
    if (this.#end !== undefined) throw this.#end;
    const signature = this.#records.exports.get(name);
    if (signature) return signature;
    const known = this.exports.join(', ') || 'none';
    throw makeError('GREENLET_EEXPORT', `the module exports no '${name}'; it exports: ${known}`);
  }

  /**
   * @param {Task} task
   * @param {TaskControl} control
   * @param {Signature} signature
   * @param {unknown[]} args
   * @param {SpawnOptions} options
   */
  #start(task, control, signature, args, options) {
    const { signal, timeout = 0, stack = 0 } = options;
    /** @type {number[]} */
    const lent = [];
    const block = this.#writeBlock(signature, args, lent);
    const pointer = this.#memory.withString(task.name, (name) =>
      this.#exports[`gevent.${signature.name}`](block, 0, name, stack, timeout / 1000),
    );
    if (pointer < 0) {
      this.#freeBlock(signature, block, lent);
      throw this.#errors.fromCode(pointer);
    }
    const abort = () => task.kill(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const unlisten = () => signal?.removeEventListener('abort', abort);
    control.kill = (reason) => this.#kill(pointer, reason);
    control.waitingOn = () => this.#memory.readString(this.#exports.gevent_wasm_task_waits_in(pointer)) || undefined;
    this.#running.set(pointer, { task, control, signature, block, lent, reason: undefined, unlisten });
    if (this.#running.size === 1) this.#watchExit();
    this.#driver.wake();
  }

  /** @param {number} pointer @param {unknown} reason */
  #kill(pointer, reason) {
    const running = this.#running.get(pointer);
    if (!running || this.#end !== undefined) return;
    running.reason ??= reason;
    const code = this.#exports.gevent_wasm_kill(pointer);
    if (code < 0) throw this.#errors.fromCode(code);
    this.#driver.wake();
  }

  /** @param {number} pointer @param {(typeof STATUSES)[number]} status @param {number} error */
  #finish(pointer, status, error) {
    const running = this.#running.get(pointer);
    if (!running || status === 'pending') return;
    const { signature, block, lent } = running;
    this.#running.delete(pointer);
    running.unlisten();
    try {
      const outcome = status === 'returned' ? this.#takeResult(signature, block, lent) : this.#reasonOf(running, status, error);
      this.#settle(running, status, outcome);
    } catch (reason) {
      this.#settle(running, 'failed', reason); // what C left as json is none
    }
    this.#freeBlock(signature, block, lent);
    this.#exports.gevent_wasm_release_task(pointer);
    if (this.#running.size === 0) this.#watchExit();
  }

  /** @param {Running} running @param {string} status @param {number} error */
  #reasonOf(running, status, error) {
    return status === 'killed' && running.reason !== undefined ? running.reason : this.#errors.fromC(error);
  }

  /** @param {Running} running @param {'returned' | 'killed' | 'failed'} status @param {unknown} outcome */
  #settle({ task, control }, status, outcome) {
    control.settle(status, outcome);
    if (status === 'failed' && !task.isObserved) setTimeout(() => this.#reportUnobserved(task, outcome));
  }

  /** @param {Task} task @param {unknown} error */
  #reportUnobserved(task, error) {
    if (!task.isObserved) this.#reportUnhandled(error, task);
  }

  /** @param {unknown} error @param {Task} [task] */
  #reportUnhandled(error, task) {
    const report = this.#options.onUnhandled ?? ((reason) => console.error(reason));
    report(error, task);
  }

  // ---- values -------------------------------------------------------------------------------------

  /** @param {number[] | undefined} lent @returns {Door} */
  #door(lent) {
    return {
      memory: this.#memory,
      references: this.#references,
      lend: (reference) => void lent?.push(reference),
    };
  }

  /** What is lent to an import's caller ends with the task that called; what main is lent, with the app. */
  #lentToCaller() {
    return this.#running.get(this.#exports.gevent_wasm_current_task())?.lent;
  }

  /** @param {Signature} signature @param {unknown[]} args @param {number[]} lent */
  #writeBlock({ name, parameters }, args, lent) {
    const block = this.#memory.allocate((parameters.length + 1) * CELL_SIZE);
    const door = this.#door(lent);
    let written = 0;
    try {
      this.#memory.bytes.fill(0, block, block + CELL_SIZE);
      for (; written < parameters.length; written++) {
        const cell = block + (written + 1) * CELL_SIZE;
        writeCell(door, parameters[written], cell, args[written], `argument ${written + 1} of ${name}`);
      }
    } catch (reason) {
      this.#freeCells(parameters.slice(0, written), block, lent);
      throw reason;
    }
    return block;
  }

  /** @param {import('./records.js').DoorType[]} parameters @param {number} block @param {number[]} lent */
  #freeCells(parameters, block, lent) {
    parameters.forEach((type, i) => freeCell(this.#memory, type, block + (i + 1) * CELL_SIZE));
    this.#memory.free(block);
    for (const reference of lent) this.#references.remove(reference);
  }

  /** @param {Signature} signature @param {number} block @param {number[]} lent */
  #freeBlock({ parameters }, block, lent) {
    if (this.#end === undefined) this.#freeCells(parameters, block, lent);
  }

  /** @param {Signature} signature @param {number} block @param {number[]} lent */
  #takeResult({ result }, block, lent) {
    try {
      return readCell(this.#door(lent), result, block);
    } finally {
      freeCell(this.#memory, result, block);
    }
  }
}

if (typeof Symbol.dispose === 'symbol') {
  Object.defineProperty(App.prototype, Symbol.dispose, { value: App.prototype.dispose });
}

/**
 * @param {unknown} reason
 * @param {string} greenlet
 */
function endReason(reason, greenlet) {
  if (reason instanceof GreenletError) return reason;
  if (reason instanceof ExitStatus) return makeError('GREENLET_EDISPOSED', `the program has called exit(${reason.code})`);
  const text = reason instanceof Error ? reason.message : String(reason);
  return makeError('GREENLET_ETRAP', `the module trapped in '${greenlet}': ${text}`, { cause: reason, greenlet });
}

/** @param {Signature} signature @param {number} count */
function wrongCount({ name, parameters }, count) {
  return new TypeError(`${name}: expected ${parameters.length} arguments (${parameters.join(', ')}), got ${count}`);
}

/**
 * @param {Signature} signature
 * @param {unknown[]} values
 * @returns {{ args: unknown[], options: SpawnOptions }}
 */
function splitOptions(signature, values) {
  const count = signature.parameters.length;
  if (values.length === count) return { args: values, options: {} };
  const options = values[count];
  if (values.length !== count + 1 || typeof options !== 'object' || options === null) {
    throw wrongCount(signature, values.length);
  }
  return { args: values.slice(0, count), options };
}

/** Where output goes if nobody says: Node's own streams, elsewhere the console. */
function standardStreams() {
  const { process } = /** @type {{ process?: NodeJS.Process }} */ (globalThis);
  if (process?.stdout?.write) {
    return {
      stdout: (/** @type {Uint8Array} */ bytes) => void process.stdout.write(bytes),
      stderr: (/** @type {Uint8Array} */ bytes) => void process.stderr.write(bytes),
    };
  }
  return { stdout: byLine(console.log), stderr: byLine(console.error) };
}
