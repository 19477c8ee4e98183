/// <reference lib="esnext.disposable" preserve="true" />
/** @import { IterateOptions, SpawnOptions } from './calls.js' */
/** @import { DescriptorsHost } from './descriptors.js' */
/** @import { ExitWatch } from './exit-watch.js' */
/** @import { Greenlet } from './function-greenlet.js' */
/** @import { Iteration } from './iterate.js' */
/** @import { ImportSignature, Records, Signature } from './records.js' */
/** @import { Signals } from './signals.js' */
/** @import { PromiseWithResolvers } from './task.js' */
/** @import { Wasi, WasiOptions } from './wasi.js' */

import { captureCalls } from './call-stack.js';
import { Calls } from './calls.js';
import { wrong } from './check.js';
import { Driver } from './driver.js';
import { ExitStatus, makeError } from './errors.js';
import { Imports } from './imports.js';
import { Instance } from './instance.js';
import { loadPart } from './part.js';
import { Task, withResolvers } from './task.js';
import { openWasi } from './wasi.js';

/**
 * @typedef {object} AppOptions
 * @property {Record<string, Record<string, Function>>} [imports] the functions that C calls, by module and name.
 *   Each gets the values that C passed and, last, a context with a `signal`. It may be async: then only the
 *   greenlet that called it waits.
 * @property {(error: unknown, task?: Task) => void} [onUnhandled] told of failures that nobody looks at: of a task
 *   whose outcome nobody has asked for by the next macrotask, or of a task of C's own; the default prints them with
 *   console.error
 * @property {(reason: unknown) => void} [onEnd] told once, when the instance has ended: with the reason that later calls
 *   are refused with, be it a trap, exit() or `dispose`
 * @property {'real' | 'virtual'} [clock] virtual: time stands still while anybody can run or a promise is pending,
 *   and else jumps to the next deadline, after JavaScript has had its turn. Default: real
 * @property {number} [slice] milliseconds after which the event loop gets its turn. Default: 8
 * @property {number} [stack] bytes of C stack for each greenlet that names none. Default: 32768
 * @property {number} [mainStack] bytes of C stack for main() and synchronous calls. Default: 1 MiB
 * @property {boolean} [isCommand] main() is all there is: its blocked call fails when nobody can wake it. Default:
 *   false
 * @property {boolean} [endsWithMain] when main() returns the instance ends, as by exit(), whoever still waits or is
 *   ready. Default: false
 */

/**
 * What crosses a module's door: `greenlet-wasm types` writes one for a module. This one is of a module of which nothing
 * is known.
 *
 * @typedef {object} ModuleTypes
 * @property {Record<string, (...args: any[]) => any>} exports
 * @property {Record<string, Record<string, Function>>} imports
 */

/**
 * @template {ModuleTypes} M
 * @typedef {keyof M['exports'] & string} ExportName
 */

/**
 * What those give that give many values; of a module of which nothing is known, anything.
 *
 * @template F
 * @typedef {F extends (...args: any[]) => AsyncIterable<infer V> ? (unknown extends V ? any : V) : never} ValueOf
 */

/**
 * @template {ModuleTypes} M
 * @typedef {{ [N in ExportName<M>]: ReturnType<M['exports'][N]> extends AsyncIterable<any> ? never : N }[ExportName<M>]} CallName
 */

/**
 * @template {ModuleTypes} M
 * @typedef {{ [N in ExportName<M>]: ReturnType<M['exports'][N]> extends AsyncIterable<any> ? N : never }[ExportName<M>]} IterableName
 */

/**
 * @template {ModuleTypes} M
 * @typedef {CallName<M> | ((g: Greenlet) => unknown)} Spawnable
 */

/**
 * What it takes to spawn an export or a function.
 *
 * @template {ModuleTypes} M
 * @template {Spawnable<M>} W
 * @typedef {W extends ExportName<M> ? [...args: Parameters<M['exports'][W]>, options?: SpawnOptions] : [options?: SpawnOptions]} SpawnArguments
 */

/**
 * @template {ModuleTypes} M
 * @template {Spawnable<M>} W
 * @typedef {W extends ExportName<M> ? ReturnType<M['exports'][W]> : W extends (g: Greenlet) => infer R ? Awaited<R> : never} SpawnResult
 */

/**
 * @template {ModuleTypes} M
 * @template {ExportName<M>} N
 * @typedef {[...args: Parameters<M['exports'][N]>, options?: IterateOptions]} IterateArguments
 */

/** @typedef {Pick<typeof import('./process.js'), 'AsyncContexts' | 'ExitWatch' | 'Signals'>} ProcessParts */

/** @typedef {Pick<Wasi, 'probe' | 'watch' | 'close'> & Partial<Pick<Wasi, 'functions'>>} WaitableStreams */

/**
 * A module that has been loaded: one instance, its memory, its hub and all that runs in it.
 *
 * @template {ModuleTypes} [M=ModuleTypes]
 */
export class App {
  /** @type {Records} */ #records;
  /** @type {typeof import('./iterate.js') | undefined} */ #iterations;
  /** @type {AppOptions & WasiOptions} */ #options;
  /** @type {Instance} */ #instance;
  /** @type {Driver} */ #driver;
  /** @type {Imports} */ #imports;
  /** @type {Calls} */ #calls;
  /** @type {DescriptorsHost} */ #streamsHost;
  /** @type {WaitableStreams} */ #streams = /** @type {any} */ (undefined);
  /** @type {Signals | undefined} */ #signals;
  /** @type {ExitWatch | undefined} */ #exitWatch;
  /** @type {Set<PromiseWithResolvers<void>>} */ #drains = new Set();
  /** @type {PromiseWithResolvers<number> | undefined} */ #main;
  #hasMain = false;

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
    const { slice = 8 } = options;
    /** @type {(error: unknown, task?: Task) => void} */
    const onUnhandled = (error, task) => this.#reportUnhandled(error, task);
    const wake = () => this.#driver.wake();
    this.#instance = new Instance((thrown, task) => this.#stop(thrown, task));
    this.#driver = new Driver(this.#instance, {
      turn: (rest) => this.#turn(rest),
      over: () => this.#over(),
      slice,
    });
    this.#streamsHost = { instance: this.#instance, driver: this.#driver, report: onUnhandled };
    this.#calls = new Calls(this.#instance, { wake, onUnhandled });
    this.#imports = new Imports(this.#instance, {
      wake,
      door: () => this.#calls.doorOfCaller(),
      isDebug: records.build.debug,
    });
  }

  // ---- start --------------------------------------------------------------------------------------

  /**
   * Makes the instance. Called by `load`, once.
   *
   * @returns {Promise<this>}
   */
  async start() {
    if ([...this.#records.exports.values()].some(({ isIterable }) => isIterable))
      this.#iterations = await loadPart(import('./iterate.js'));
    if ('process' in globalThis || 'AsyncContext' in globalThis)
      this.#useProcess(await loadPart(import('./process.js')));
    this.#streams = await openWasi(this.module, this.#options, this.#streamsHost);
    await this.#instance.start(this.module, this.#importObject());
    return this.#prepare();
  }

  /**
   * Takes the place of `start` where Emscripten's code has made the instance and run its constructors.
   *
   * @param {Record<string, any>} exports
   * @param {{ iterations: typeof import('./iterate.js'), process: ProcessParts, openStreams: (host: DescriptorsHost) => WaitableStreams }} parts
   */
  startIn(exports, { iterations, process, openStreams }) {
    this.#iterations = iterations;
    this.#useProcess(process);
    this.#instance.adopt(exports);
    this.#streams = openStreams(this.#streamsHost);
    return this.#prepare();
  }

  #prepare() {
    const { exports, errors } = this.#instance;
    const code = this.#startRuntime();
    if (code < 0) throw errors.fromCode(code);
    exports.gevent_wasm_construct?.(); // Emscripten's code has done it
    if (!this.#options.isCommand) exports.gevent_wasm_buffer_lines();
    this.#hasMain = exports.gevent_wasm_has_main() !== 0;
    if (this.#options.clock === 'virtual') exports.gevent_wasm_use_virtual_clock();
    return this;
  }

  /** @param {ProcessParts} process */
  #useProcess({ AsyncContexts, ExitWatch, Signals }) {
    this.#instance.contexts = new AsyncContexts(this.#instance);
    this.#signals = new Signals((signal) => this.#arrive(signal));
    this.#exitWatch = new ExitWatch(() => this.#rejectWaiting());
  }

  // The runtime checks that a greenlet can stop and go on. A module that is broken fails that check or traps in it.
  #startRuntime() {
    const { mainStack = 0, stack = 0 } = this.#options;
    try {
      const code = this.#instance.exports.gevent_wasm_start(mainStack, stack);
      if (this.#instance.errors.nameOf(code) !== 'GREENLET_EMODULE') return code;
      throw brokenModule();
    } catch (reason) {
      throw this.#instance.isOver ? brokenModule(reason) : reason;
    }
  }

  /** @returns {WebAssembly.Imports} */
  #importObject() {
    /** @type {Record<string, string[]>} */
    const wanted = {};
    for (const { module, name } of WebAssembly.Module.imports(this.module))
      (wanted[module] ??= []).push(name);
    const modules = Object.entries(wanted).map(([module, names]) => [module, this.#importsOf(module, names)]);
    return Object.fromEntries(modules);
  }

  /** @param {string} module @param {string[]} names @returns {Record<string, any>} */
  #importsOf(module, names) {
    if (module === 'gevent_host') return this.hostFunctions();
    if (module === 'gevent') return Object.fromEntries(names.map((name) => [name, this.#wrapImport(name)]));
    if (module === 'wasi_snapshot_preview1')
      return { ...this.#streams.functions?.(names), ...this.#options.imports?.[module] };
    return Object.fromEntries(names.map((name) => [name, this.#findImport(module, name)]));
  }

  /** @param {string} name of the record: module.name */
  #wrapImport(name) {
    const signature = this.#records.imports.get(name);
    if (!signature) throw makeError('GREENLET_EMODULE', `no record of the import ${name}`);
    return this.importFunction(signature);
  }

  /**
   * What C calls for an import of the door.
   *
   * @param {ImportSignature} signature
   * @param {Function} [implementation] Default: that of the options
   * @throws {TypeError} if the options have no function for it
   */
  importFunction(signature, implementation = this.#findImport(signature.module, signature.name)) {
    return this.#imports.wrap(signature, implementation);
  }

  /** @param {string} module @param {string} name */
  #findImport(module, name) {
    /** @type {AppOptions['imports']} */
    const imports = { ...this.#options.imports, ...this.#iterations?.iterationImports };
    const implementation = imports?.[module]?.[name];
    if (typeof implementation === 'function') return implementation;
    throw wrong('a function', implementation, `options.imports.${module}.${name}`);
  }

  /** @param {number} signal that C has asked for */
  #arrive(signal) {
    this.#instance.exports.gevent_wasm_signal(signal);
    this.#driver.wake();
  }

  /**
   * What wasm/host.h declares. To wasm true is 1, and false and undefined are 0.
   *
   * @returns {Record<string, (...values: any[]) => any>}
   */
  hostFunctions() {
    const instance = this.#instance;
    return {
      now: () => this.#driver.now(),
      fatal: (/** @type {number} */ code, /** @type {number} */ message) => {
        throw instance.fatal(code, message);
      },
      task_finished: (
        /** @type {number} */ task,
        /** @type {number} */ status,
        /** @type {number} */ error,
      ) => {
        this.#calls.finish(task, status, error);
        this.#watchExit();
      },
      unhandled: (/** @type {number} */ name, /** @type {number} */ error) =>
        this.#reportUnhandled(instance.errors.fromC(error, instance.memory.readString(name))),
      main_finished: (/** @type {number} */ code) => this.#finishMain(code),
      abandon: (/** @type {number} */ slot) =>
        this.#imports.abandon(slot, makeError('GREENLET_EEXIT', 'C waits no longer')),
      function_start: (/** @type {number} */ task, /** @type {number} */ record) =>
        this.#calls.startFunction(task >>> 0, record >>> 0),
      function_answer: (
        /** @type {number} */ task,
        /** @type {number} */ type,
        /** @type {number} */ value,
        /** @type {number} */ error,
      ) => this.#calls.answerFunction(task, type, value >>> 0, error),
      watch_signal: (/** @type {number} */ name, /** @type {number} */ signal) =>
        this.#signals?.watch(instance.memory.readString(name), signal),
      unwatch_signal: (/** @type {number} */ signal) => this.#signals?.unwatch(signal),
      probe_fd: (/** @type {number} */ fd, /** @type {number} */ events) => this.#streams.probe(fd, events),
      watch_fd: (/** @type {number} */ fd, /** @type {number} */ events, /** @type {number} */ watch) =>
        this.#streams.watch(fd, events, watch),
      release: (/** @type {number} */ number) => instance.references.remove(number),
    };
  }

  // ---- the end ------------------------------------------------------------------------------------

  /**
   * The instance is over: tells everybody who still waits.
   *
   * @param {unknown} thrown
   * @param {number} fault the task that was running, or 0
   */
  #stop(thrown, fault) {
    const reason = this.#instance.end;
    this.#driver.stop();
    this.#signals?.unwatchAll();
    this.#streams?.close();
    this.#calls.rejectAll(reason, fault);
    this.#imports.abandonAll(reason);
    this.#instance.references.removeAll();
    this.#endDrains(reason);
    const main = this.#main;
    this.#main = undefined;
    this.#watchExit();
    if (thrown instanceof ExitStatus) main?.resolve(thrown.code);
    else main?.reject(reason);
    this.#options.onEnd?.(reason);
  }

  /**
   * Kills everything that runs, lets its clean-up run, and ends the instance. What has not ended by then rejects.
   * Calls after it are refused with GREENLET_EDISPOSED; a second `dispose` does nothing. What C has buffered is
   * written, but at-exit functions do not run: see `exit`.
   */
  dispose() {
    if (this.#instance.isOver) return;
    for (const task of this.#calls.tasks) task.kill();
    this.#instance.exports.gevent_wasm_turn(-1);
    this.#instance.exports.gevent_wasm_flush();
    this.#instance.endWith(makeError('GREENLET_EDISPOSED', 'the app is disposed of'));
  }

  /** For `using`: as `dispose`. */
  [Symbol.dispose]() {
    this.dispose();
  }

  /**
   * For `await using`: as `dispose`, but first waits until all tasks have ended, whose clean-up may wait too, or until
   * nothing is left that could wake them.
   */
  async [Symbol.asyncDispose]() {
    if (this.#instance.isOver) return;
    const { tasks } = this.#calls;
    for (const task of tasks) task.kill();
    await Promise.race([this.drain(), Promise.allSettled(tasks)]).catch(() => {});
    this.dispose();
  }

  /** @param {unknown} error @param {Task} [task] */
  #reportUnhandled(error, task) {
    const { onUnhandled = (reason) => console.error(reason) } = this.#options;
    onUnhandled(error, task);
  }

  // ---- the hub ------------------------------------------------------------------------------------

  /** @param {number} slice */
  #turn(slice) {
    return this.#unlessItEnds(() => {
      this.#imports.deliver();
      return this.#instance.exports.gevent_wasm_turn(slice);
    });
  }

  /** @param {() => any} enter 0 if the instance has ended in there; whoever waited has been told */
  #unlessItEnds(enter) {
    try {
      return enter();
    } catch (reason) {
      if (!this.#instance.isOver) throw reason;
      return 0;
    }
  }

  get #isMainActive() {
    return this.#instance.exports.gevent_wasm_main_is_active() !== 0;
  }

  /** @param {unknown} error undefined: there is nothing left to do */
  #endDrains(error) {
    for (const drain of this.#drains) error ? drain.reject(error) : drain.resolve(undefined);
    this.#drains.clear();
  }

  // Nothing is left that could wake anybody, but JavaScript itself.
  #over() {
    this.#tellOver();
    if (this.#instance.isOver) return;
    const { gevent_wasm_idle_deadline, gevent_wasm_main_runs_hub } = this.#instance.exports;
    return { said: gevent_wasm_idle_deadline(), isRef: gevent_wasm_main_runs_hub() !== 0 };
  }

  #tellOver() {
    if (this.#unlessItEnds(() => this.#instance.exports.gevent_wasm_end_run())) return this.#driver.wake();
    if (this.#instance.isOver) return;
    if (this.#options.isCommand && this.#isMainActive) return this.#failMain();
    const error = this.#calls.count === 0 && !this.#isMainActive ? undefined : this.#loopExit();
    this.#endDrains(error);
    this.#watchExit();
  }

  #failMain() {
    this.#unlessItEnds(() => this.#instance.exports.gevent_wasm_end_of_work());
    this.#driver.wake();
  }

  #loopExit() {
    const who = this.waiting().join('; ');
    return makeError('GREENLET_EDEADLK', `nothing is left that could wake anybody: ${who}`);
  }

  #rejectWaiting() {
    if (this.#instance.isOver) return;
    const error = this.#loopExit();
    this.#calls.rejectAll(error);
    this.#endDrains(error);
    this.#main?.reject(error);
  }

  #watchExit() {
    this.#exitWatch?.turn(this.#calls.count > 0 || this.#drains.size > 0 || this.#main !== undefined);
  }

  /**
   * Who waits for what, a line each, in the order in which they began to. Once the instance is over it throws the
   * reason.
   */
  waiting() {
    const { exports, memory } = this.#instance;
    const report = exports.gevent_wasm_dump();
    const text = memory.readString(report);
    memory.free(report);
    return text === '' ? [] : text.split('\n');
  }

  /**
   * Resolves when nothing is running any more; rejects with a LoopExitError if what is left waits for something
   * that only JavaScript could still do.
   *
   * @returns {Promise<void>}
   */
  drain() {
    if (this.#instance.isOver) return Promise.reject(this.#instance.end);
    const drain = /** @type {PromiseWithResolvers<void>} */ (withResolvers());
    this.#drains.add(drain);
    this.#watchExit();
    this.#driver.wake();
    return drain.promise;
  }

  // ---- main ---------------------------------------------------------------------------------------

  /** Whether the program has a main(). */
  get hasMain() {
    return this.#hasMain;
  }

  /**
   * Runs main(). Resolves with what it returned or gave to exit(); rejects with the reason if the instance ends, with
   * GREENLET_EEXPORT if there is no main(), with GREENLET_ESTARTED while it is running and, as tasks do, with a
   * LoopExitError if Node's event loop runs empty while it waits.
   *
   * @returns {Promise<number>}
   */
  async run() {
    this.#instance.check();
    if (!this.hasMain) throw makeError('GREENLET_EEXPORT', 'the program has no main()');
    if (this.#isMainActive) throw makeError('GREENLET_ESTARTED', 'main() is running');
    const main = /** @type {PromiseWithResolvers<number>} */ (withResolvers());
    this.#main = main;
    this.#watchExit();
    this.#startMain();
    return main.promise;
  }

  // If the instance ends in it, the promise of run() has been told.
  #startMain() {
    try {
      this.#instance.contexts.enter();
      const code = this.#instance.exports.gevent_wasm_start_main();
      if (code < 0) this.#main?.reject(this.#instance.errors.fromCode(code));
      this.#driver.wake();
    } catch (reason) {
      if (!this.#instance.isOver) throw reason;
    }
  }

  /** @param {number} code @returns {boolean} whether the instance ends with it: then C calls exit() */
  #finishMain(code) {
    if (this.#options.endsWithMain) return true;
    this.#main?.resolve(code);
    this.#main = undefined;
    this.#watchExit();
    return false;
  }

  /**
   * Ends the instance as exit() does: at-exit functions run and buffers are written. What waits is not killed; it
   * rejects with GREENLET_EDISPOSED.
   *
   * @param {number} code
   */
  exit(code) {
    try {
      this.#instance.exports.gevent_wasm_exit(code);
    } catch (reason) {
      if (/** @type {any} */ (reason).code !== 'GREENLET_EDISPOSED') throw reason;
    }
  }

  // ---- calls --------------------------------------------------------------------------------------

  /** Bytes of the instance's linear memory: all that the program and its greenlets take. */
  get memorySize() {
    return this.#instance.memory.bytes.length;
  }

  /** The names of the functions that can be spawned or iterated over. */
  get exports() {
    return [...this.#records.exports.keys()];
  }

  /**
   * Starts an export, or a function of JavaScript, as a greenlet; it runs after the caller has returned to the event
   * loop. Any number may run at once, of the same export too. When the first function is to start, what serves
   * functions is loaded, for which all greenlets wait; its task rejects with a ModuleError if that cannot be.
   *
   * @template {Spawnable<M>} W
   * @param {W} what the name of an export; or a function, async or not, which gets a `Greenlet`
   * @param {SpawnArguments<M, W>} values the export's arguments, and after them perhaps a `SpawnOptions` (js/calls.js)
   * @returns {Task<SpawnResult<M, W>>} which settles as the export, or what the function returns, does
   * @throws {GreenletError} GREENLET_EEXPORT, GREENLET_ENOMEM, or the reason of the end
   * @throws {TypeError} for arguments that are not what the export takes
   */
  spawn(what, ...values) {
    return this.#spawn(what, values, captureCalls(this.spawn));
  }

  /** @param {any} what @param {any[]} values @param {{ stack?: string }} calls @returns {Task<any>} */
  #spawn(what, values, calls) {
    this.#instance.check();
    const task =
      typeof what === 'function'
        ? this.#calls.spawnFunction(this, what, values, calls)
        : this.#calls.spawn(this, this.#find(what, false), values, calls);
    this.#watchExit();
    return task;
  }

  /**
   * Spawns an export and waits for it. What `spawn` throws, this rejects with.
   *
   * @template {CallName<M>} N
   * @param {N} name of the export
   * @param {SpawnArguments<M, N>} values as of `spawn`
   * @returns {Promise<ReturnType<M['exports'][N]>>} its result
   */
  async call(name, ...values) {
    return await this.#spawn(name, values, captureCalls(this.call));
  }

  /**
   * The values of an export that gives many (GEVENT_EXPORT_GENERATOR, GEVENT_EXPORT_CHANNEL). It starts when the first
   * is asked for, and waits whenever none is. `break` ends it: its clean-up runs before the loop is left. What it fails
   * with, or the reason of the signal, rejects what is asked for.
   *
   * @template {IterableName<M>} N
   * @param {N} name of the export
   * @param {IterateArguments<M, N>} values its arguments, and after them perhaps `IterateOptions` (js/calls.js)
   * @returns {Iteration<ValueOf<M['exports'][N]>>}
   * @throws {GreenletError} GREENLET_EEXPORT, or the reason of the end; what else `spawn` throws rejects the first
   *   value
   * @throws {TypeError} for a wrong number of arguments, or options that are none
   */
  iterate(name, ...values) {
    const signature = this.#find(name, true);
    const { Iteration } = /** @type {typeof import('./iterate.js')} */ (this.#iterations);
    return new Iteration(...this.#calls.iterate(this, signature, values, captureCalls(this.iterate)));
  }

  /**
   * Kills a task of this app.
   *
   * @param {Task} task
   * @param {unknown} [reason] with which awaiting it rejects
   * @throws {GreenletError} GREENLET_EHANDLE for a task of another app
   */
  kill(task, reason) {
    if (task?.app !== this) throw makeError('GREENLET_EHANDLE', 'the task belongs to another app');
    task.kill(reason);
  }

  /**
   * Calls an export at once, as the main greenlet, and returns its result. It may switch to greenlets that
   * switch back; if it would have to wait, it fails with a WouldBlockError. From within an import, and while
   * main() is parked, it runs as a root of its own.
   *
   * @template {CallName<M>} N
   * @param {N} name of the export
   * @param {Parameters<M['exports'][N]>} args as many as it takes
   * @returns {ReturnType<M['exports'][N]>} its result
   * @throws {import('./errors.js').WouldBlockError} if it would have to wait
   * @throws {GreenletError} what C fails with, GREENLET_EEXPORT, GREENLET_ENOMEM, or the reason of the end
   * @throws {TypeError} for arguments that are not what the export takes
   */
  callSync(name, ...args) {
    return /** @type {any} */ (this.#calls.callNow(this.#find(name, false), args));
  }

  /** @param {string} name @param {boolean} isIterable @returns {Signature} */
  #find(name, isIterable) {
    this.#instance.check();
    const signature = this.#records.exports.get(name);
    if (signature?.isIterable === isIterable) return signature;
    if (signature) {
      const how = isIterable ? 'one value: use spawn' : 'many values: use iterate';
      throw makeError('GREENLET_EEXPORT', `'${name}' gives ${how}`);
    }
    const known = this.exports.join(', ') || 'none';
    throw makeError('GREENLET_EEXPORT', `the module exports no '${name}'; it exports: ${known}`);
  }
}

/** @param {unknown} [cause] */
function brokenModule(cause) {
  const message =
    'greenlets do not switch in this module: an optimiser has inlined the switch; use `greenlet-wasm build`';
  return makeError('GREENLET_EMODULE', message, { cause });
}
