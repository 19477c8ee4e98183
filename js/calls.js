/** @import { App } from './app.js' */
/** @import { Door } from './cells.js' */
/** @import { Instance } from './instance.js' */
/** @import { FunctionCall, Greenlet } from './function-greenlet.js' */
/** @import { Iteration } from './iterate.js' */
/** @import { Signature } from './records.js' */
/** @import { TaskControl, TaskStatus } from './task.js' */

/** @typedef {{ stack?: string }} CallStack of captureCalls */

import { captureCalls } from './call-stack.js';
import { CELL_SIZE, freeCell, readCell, writeCell } from './cells.js';
import { checkMilliseconds, checkNames, checkOption, checkSize } from './check.js';
import { loadPart } from './part.js';
import { Task } from './task.js';

/** The statuses of gevent_status_t (src/gevent/task.h). */
const STATUSES = /** @type {const} */ (['pending', 'returned', 'killed', 'failed']);

/**
 * @typedef {object} SpawnOptions
 * @property {AbortSignal} [signal] kills the task when it aborts, with its reason; aborted already, the task never
 *   runs
 * @property {string} [name] for reports and errors. Default: that of the export or function
 * @property {number} [timeout] milliseconds (in C times are in seconds) from its start, not negative; then its pending
 *   call fails with GREENLET_EEXPIRED. Default: none
 * @property {number} [stack] bytes of C stack. Default: that of `load`'s options
 *
 * @typedef {SpawnOptions & { highWaterMark?: number }} IterateOptions highWaterMark: how many values C may have put that
 *   nobody has asked for. Default: 0
 *
 * @typedef {object} Block the cells of a call: one for the result, then the parameters
 * @property {Signature} signature
 * @property {number} address
 * @property {Set<number>} lent references that end with the call
 *
 * @typedef {object} Running
 * @property {Task} task
 * @property {TaskControl} control
 * @property {Block} [block] of an export
 * @property {(g: Greenlet) => unknown} [run] the function
 * @property {FunctionCall} [call] of the function, once it has started
 * @property {{ reason: unknown }} [failure] of the function
 * @property {unknown} reason for which it is killed, if one was given
 * @property {() => void} unlisten
 */

/**
 * Calls of exports, as tasks and at once: their arguments, their outcomes, and which are running.
 */
export class Calls {
  /** @type {Instance} */ instance;
  /** @type {() => void} says that something is to be done */ wake;
  /** @type {(error: unknown, task: Task) => void} */ #onUnhandled;
  /** @type {Map<number, Running>} by the address of the task in C */ #running = new Map();
  /** @type {CallStack | undefined} that led to a function's spawn, while it spawns */ spawning;
  /** @type {typeof import('./function-greenlet.js') | undefined} loaded for the first function that starts */
  #functions;
  /** @type {WeakMap<Task, number>} of those that have not ended */ #pointers = new WeakMap();

  /**
   * @param {Instance} instance
   * @param {{ wake: () => void, onUnhandled: (error: unknown, task: Task) => void }} host
   *   wake: something is to be done; onUnhandled is told of failures that nobody looks at
   */
  constructor(instance, { wake, onUnhandled }) {
    this.instance = instance;
    this.wake = wake;
    this.#onUnhandled = onUnhandled;
  }

  /** How many tasks have not ended. */
  get count() {
    return this.#running.size;
  }

  /** The tasks that have not ended. */
  get tasks() {
    return [...this.#running.values()].map(({ task }) => task);
  }

  // ---- tasks --------------------------------------------------------------------------------------

  /**
   * @param {App<any>} app
   * @param {Signature} signature
   * @param {unknown[]} values the arguments, and after them perhaps a SpawnOptions
   * @param {CallStack} calls that led to it
   */
  spawn(app, signature, values, calls) {
    const { args, options } = splitOptions(signature, values, OPTIONS);
    const prepare = () => ({ block: this.#write(signature, args) });
    return this.#spawnTask({ app, name: signature.name, calls }, options, prepare);
  }

  /**
   * @param {App<any>} app
   * @param {(g: Greenlet) => unknown} run
   * @param {any[]} values perhaps a SpawnOptions
   * @param {CallStack} calls that led to it
   */
  spawnFunction(app, run, [options = {}], calls) {
    checkOptions(options, OPTIONS);
    return this.#spawnTask({ app, name: run.name || 'function', calls }, options, () => ({ run }));
  }

  /**
   * @param {App<any>} app
   * @param {Signature} signature of an export that gives many values
   * @param {unknown[]} values the arguments, and after them perhaps IterateOptions
   * @param {CallStack} calls that led to it
   * @returns {[start: (iteration: Iteration) => Task, highWaterMark: number]}
   */
  iterate(app, signature, values, calls) {
    const { args, options } = splitOptions(signature, values, [...OPTIONS, 'highWaterMark']);
    const { highWaterMark = 0 } = /** @type {IterateOptions} */ (options);
    checkOption('highWaterMark', highWaterMark, highWaterMark >= 0, 'a number from 0 on');
    const call = { ...signature, result: /** @type {const} */ ('void') };
    const start = (/** @type {Iteration} */ iteration) =>
      this.#spawnTask({ app, name: call.name, calls }, options, () => ({
        block: this.#write(call, args, iteration),
      }));
    return [start, highWaterMark];
  }

  /**
   * @param {{ app: App<any>, name: string, calls: CallStack }} origin
   * @param {SpawnOptions} options
   * @param {() => Pick<Running, 'block' | 'run'>} prepare
   */
  #spawnTask({ app, name, calls }, options, prepare) {
    const control = /** @type {TaskControl} */ ({ calls: this.spawning ?? calls });
    const task = new Task(app, options.name ?? name, control);
    if (options.signal?.aborted) control.settle('killed', options.signal.reason);
    else this.#start(task, control, prepare(), options);
    return task;
  }

  /**
   * @param {Task} task
   * @param {TaskControl} control
   * @param {Pick<Running, 'block' | 'run'>} what
   * @param {SpawnOptions} options
   */
  #start(task, control, what, options) {
    const { exports, memory } = this.instance;
    const pointer = this.#enter(task.name, what.block, options);
    this.#pointers.set(task, pointer);
    const abort = () => task.kill(options.signal?.reason);
    options.signal?.addEventListener('abort', abort, { once: true });
    const unlisten = () => options.signal?.removeEventListener('abort', abort);
    control.kill = (reason) => this.#kill(pointer, reason);
    control.waitingOn = () => {
      const where = [
        exports.gevent_wasm_task_waits_in(pointer),
        exports.gevent_wasm_task_waits_in_import(pointer),
      ];
      return where.flatMap((text) => memory.readString(text) || []).join('.') || undefined;
    };
    this.#running.set(pointer, { task, control, ...what, reason: undefined, unlisten });
    this.wake();
  }

  /** @param {string} name @param {Block | undefined} block @param {SpawnOptions} options @returns {number} the task in C */
  #enter(name, block, { timeout = Infinity, stack = 0 }) {
    const { exports, memory, errors } = this.instance;
    try {
      const pointer = memory.withString(name, (text) => {
        this.instance.contexts.enter();
        if (!block) return exports.gevent_wasm_spawn_function(text, stack || FUNCTION_STACK, timeout / 1000);
        return exports[`gevent.${block.signature.name}`](block.address, 0, text, stack, timeout / 1000);
      });
      if (isCode(pointer)) throw errors.fromCode(pointer);
      return pointer >>> 0;
    } catch (reason) {
      this.#free(block);
      throw reason;
    }
  }

  /** @param {number} pointer @param {unknown} reason */
  #kill(pointer, reason) {
    if (this.instance.isOver) return;
    this.giveReason(pointer, reason);
    const code = this.instance.exports.gevent_wasm_kill(pointer);
    if (code < 0) throw this.instance.errors.fromCode(code);
    this.wake();
  }

  /**
   * A task has ended, C says.
   *
   * @param {number} pointer
   * @param {number} status
   * @param {number} error
   */
  finish(pointer, status, error) {
    const running = this.#running.get(pointer >>> 0);
    const how = /** @type {Exclude<TaskStatus, 'pending'>} */ (STATUSES[status]);
    if (!running) return;
    this.#running.delete(pointer >>> 0);
    this.#pointers.delete(running.task);
    running.unlisten();
    try {
      const outcome = how === 'returned' ? this.#resultOf(running) : this.#reasonOf(running, how, error);
      this.#settle(running, how, outcome);
    } catch (reason) {
      this.#settle(running, 'failed', reason); // what C left as json is none
    }
    this.#free(running.block);
    running.call?.close();
    this.instance.exports.gevent_wasm_release_task(pointer);
  }

  /** @param {Running} running */
  #resultOf({ block, call }) {
    return block ? this.#takeResult(block) : call?.value;
  }

  /** @param {Running} running @param {string} status @param {number} error */
  #reasonOf({ task, control, reason, failure }, status, error) {
    if (status === 'killed' && reason !== undefined) return reason;
    return failure ? failure.reason : this.instance.errors.fromCall(error, task.name, control.calls);
  }

  /** @param {Running} running @param {'returned' | 'killed' | 'failed'} status @param {unknown} outcome */
  #settle({ task, control }, status, outcome) {
    control.settle(status, outcome);
    if (status === 'failed') setTimeout(() => task.isObserved || this.#onUnhandled(outcome, task));
  }

  /**
   * Rejects all that is still running: the task at fault first.
   *
   * @param {unknown} reason
   * @param {number} [fault]
   */
  rejectAll(reason, fault = 0) {
    const first = this.#running.get(fault >>> 0);
    const others = [...this.#running.values()].filter((running) => running !== first);
    this.#running.clear();
    for (const running of first ? [first, ...others] : others) {
      running.unlisten();
      running.call?.close(reason);
      this.#settle(running, 'failed', reason);
    }
  }

  // ---- functions ----------------------------------------------------------------------------------

  /**
   * C starts one.
   *
   * @param {number} pointer to its task
   * @param {number} record
   * @returns {boolean} whether it has started; else C is told to ask again
   */
  startFunction(pointer, record) {
    const running = /** @type {Running} */ (this.#running.get(pointer));
    if (!this.#functions) {
      void this.#loadFunctions(running, pointer, record);
      return false;
    }
    running.call = new this.#functions.FunctionCall(this, running, pointer, record);
    running.call.start(/** @type {(g: Greenlet) => unknown} */ (running.run));
    return true;
  }

  /** @param {Running} running @param {number} pointer @param {number} record */
  async #loadFunctions(running, pointer, record) {
    const { exports, errors } = this.instance;
    const isWaiting = () => this.#running.get(pointer) === running && !running.call;
    try {
      this.#functions = await loadPart(import('./function-greenlet.js'));
      if (isWaiting()) exports.gevent_wasm_resume_function(record);
    } catch (reason) {
      running.failure = { reason };
      if (isWaiting()) exports.gevent_wasm_end_function(record, errors.toC(reason, [], 'GREENLET_EMODULE'));
    }
    this.wake();
  }

  /** @param {number} pointer to a task that is killed @param {unknown} reason with which awaiting it rejects, if given */
  giveReason(pointer, reason) {
    const running = this.#running.get(pointer);
    if (running) running.reason ??= reason;
  }

  /** @param {Task} task @returns {number} its task in C; 0 if it has ended */
  pointerOf(task) {
    return this.#pointers.get(task) ?? 0;
  }

  /** @param {number} task @param {number} type @param {number} value @param {number} error */
  answerFunction(task, type, value, error) {
    this.#running.get(task >>> 0)?.call?.answer(type, value, error);
  }

  // ---- synchronous calls --------------------------------------------------------------------------

  /**
   * @param {Signature} signature
   * @param {unknown[]} args
   * @returns {unknown}
   */
  callNow(signature, args) {
    if (args.length !== signature.parameters.length) throw wrongCount(signature, args.length);
    const block = this.#write(signature, args);
    try {
      this.instance.contexts.enter();
      const code = this.instance.exports[`gevent.${signature.name}`](block.address, 1, 0, 0, 0);
      if (code < 0) throw this.#synchronousError(code);
      return this.#takeResult(block);
    } finally {
      this.#free(block);
      this.wake();
    }
  }

  /** @param {number} code */
  #synchronousError(code) {
    const { exports, errors } = this.instance;
    const error = exports.gevent_wasm_synchronous_error();
    const isOfThisCall = error && exports.gevent_wasm_error_code(error) === code;
    return isOfThisCall
      ? errors.fromCall(error, '', captureCalls(Calls.prototype.callNow))
      : errors.fromCode(code);
  }

  // ---- values -------------------------------------------------------------------------------------

  /** @param {Set<number>} [lender] @returns {Door} */
  door(lender) {
    const { memory, references } = this.instance;
    return { memory, references, lender };
  }

  /** The door for an import: what is lent ends with the task that called it; what main is lent, with the app. */
  doorOfCaller() {
    return this.door(this.#running.get(this.instance.exports.gevent_wasm_current_task() >>> 0)?.block?.lent);
  }

  /** @param {Signature} signature @param {unknown[]} args @param {Iteration} [iteration] @returns {Block} */
  #write(signature, args, iteration) {
    const { memory } = this.instance;
    const { name, parameters } = signature;
    const size = (parameters.length + 1) * CELL_SIZE;
    const block = { signature, address: memory.allocate(size), lent: new Set() };
    memory.bytes.fill(0, block.address, block.address + size); // a cell of 0 frees nothing
    if (iteration) writeCell(this.door(block.lent), 'ref', block.address, iteration, signature.name);
    try {
      parameters.forEach((type, i) => {
        writeCell(this.door(block.lent), type, cellOf(block, i), args[i], `argument ${i + 1} of ${name}`);
      });
    } catch (reason) {
      this.#free(block);
      throw reason;
    }
    return block;
  }

  /** @param {Block} block */
  #takeResult({ signature, address, lent }) {
    try {
      return readCell(this.door(lent), signature.result, address);
    } finally {
      freeCell(this.instance.memory, signature.result, address);
    }
  }

  /** @param {Block} [block] */
  #free(block) {
    const { memory, references, isOver } = this.instance;
    if (!block || isOver) return;
    for (const [i, type] of block.signature.parameters.entries()) freeCell(memory, type, cellOf(block, i));
    memory.free(block.address);
    for (const reference of block.lent) references.remove(reference);
  }
}

/** An address of the upper half of memory is negative too, but far below any code. @param {number} answer */
function isCode(answer) {
  return answer < 0 && answer > -1000;
}

/** @param {Block} block @param {number} parameter @returns {number} an address */
function cellOf({ address }, parameter) {
  return address + (parameter + 1) * CELL_SIZE;
}

/** @param {Signature} signature @param {number} count of the arguments */
export function wrongCount({ name, parameters }, count) {
  return new TypeError(
    `${name}: expected ${parameters.length} arguments (${parameters.join(', ')}), got ${count}`,
  );
}

/**
 * @param {Signature} signature
 * @param {unknown[]} values
 * @param {string[]} known the names of its options
 * @returns {{ args: unknown[], options: SpawnOptions }}
 */
function splitOptions(signature, values, known) {
  const count = signature.parameters.length;
  if (values.length === count) return { args: values, options: {} };
  const options = values[count];
  if (values.length !== count + 1 || typeof options !== 'object' || options === null) {
    throw wrongCount(signature, values.length);
  }
  checkOptions(options, known);
  return { args: values.slice(0, count), options };
}

/** Bytes of C stack for a function of JavaScript: nothing of the program runs on it. */
const FUNCTION_STACK = 8192;

/** Of SpawnOptions. */
const OPTIONS = ['signal', 'name', 'timeout', 'stack'];

/** @param {any} options of a call @param {string[]} known */
function checkOptions(options, known) {
  checkNames('spawn', options, known);
  const { signal, name, timeout, stack } = options;
  checkOption('signal', signal, signal instanceof AbortSignal, 'an AbortSignal');
  checkOption('name', name, typeof name === 'string', 'a string');
  checkMilliseconds('timeout', timeout);
  checkSize('stack', stack);
}
