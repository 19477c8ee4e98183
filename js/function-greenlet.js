/** @import { Calls, Running } from './calls.js' */
/** @import { DoorType } from './records.js' */
/** @import { PromiseWithResolvers } from './task.js' */

import { captureCalls } from './call-stack.js';
import { readCell, writeCell } from './cells.js';
import { checkMilliseconds } from './check.js';
import { makeError } from './errors.js';
import { Task, withResolvers } from './task.js';

/** Those of gevent_type_t (src/gevent/cell.h), in order. */
export const TYPES = /** @type {(DoorType | 'void')[]} */ (
  'void i32 i64 f32 f64 string bytes json ref'.split(' ')
);

/** What can be asked for, in the order of wasm/request.c. */
export const ACTIONS =
  'sleep yield put get close wait set clear acquire release join kill switch throw publish'.split(' ');

/**
 * A function of JavaScript that runs as a greenlet, from the side of JavaScript: the one request that C has not
 * answered, and how it has ended. The other side is wasm/function.c.
 */
export class FunctionCall {
  /** @type {Calls} */ #calls;
  /** @type {Running} */ #running;
  /** Its task in C. */ #task;
  /** C's record of it; 0 once it has ended. */ #record;
  /** @type {PromiseWithResolvers<any> | undefined} */ #pending;
  /** Whether what is pending is a promise of JavaScript's own. */
  #isForeign = false;
  /** @type {{ reason: any } | undefined} that no request has been told of */ #interruption;
  /** @type {AbortController | undefined} */ #controller;
  /** @type {WeakSet<object>} errors of C that it has been given */ #given = new WeakSet();
  /** @type {unknown} what it has returned */ value;

  /**
   * @param {Calls} calls
   * @param {Running} running
   * @param {number} task in C
   * @param {number} record
   */
  constructor(calls, running, task, record) {
    this.#calls = calls;
    this.#running = running;
    this.#task = task;
    this.#record = record;
  }

  /** @param {(g: Greenlet) => unknown} run */
  start(run) {
    try {
      const g = new Greenlet(this.#running.task, this);
      const value = this.#calls.instance.contexts.run(run, [g]);
      if (typeof (/** @type {any} */ (value)?.then) !== 'function') return this.#succeed(value);
      Promise.resolve(value).then(
        (settled) => this.#succeed(settled),
        (reason) => this.#fail(reason),
      );
    } catch (reason) {
      this.#fail(reason);
    }
  }

  /** @param {unknown} value */
  #succeed(value) {
    this.value = value;
    this.#end(() => 0, numberForC(value));
  }

  /** To fail with the abort of its signal is to fail with what that was for. @param {any} reason */
  #fail(reason) {
    const isAbort = reason?.name === 'AbortError' && this.#given.has(reason.cause);
    const own = isAbort ? reason.cause : reason;
    const code = this.#given.has(own) ? own.code : undefined;
    this.#running.failure = { reason: own };
    this.#end(() => this.#calls.instance.errors.toC(own, [], code));
  }

  /** @param {() => number} makeError in C @param {number} [value] for C */
  #end(makeError, value = 0) {
    const { instance } = this.#calls;
    const record = this.#record;
    this.#record = 0;
    this.#pending?.promise.catch(() => {}); // of a request that it has not awaited
    if (!record || instance.isOver) return;
    instance.exports.gevent_wasm_end_function(record, makeError(), value);
    this.#calls.wake();
  }

  /**
   * Its task has ended, or the instance has.
   *
   * @param {unknown} [reason] of the instance's end
   */
  close(reason) {
    this.#record = 0;
    this.#pending?.reject(reason ?? makeError('GREENLET_EHANDLE', 'the greenlet has ended'));
    this.#pending = undefined;
    if (reason) this.#controller?.abort(reason);
  }

  // ---- requests -----------------------------------------------------------------------------------

  /**
   * @param {string} action
   * @param {string | Task} [target] something published, or a task
   * @param {number} [ms]
   * @param {unknown} [value] to be put, sent or thrown
   * @returns {Promise<any>}
   */
  ask(action, target, ms, value) {
    try {
      this.#check(action);
      checkMilliseconds(action, ms);
      return this.#send(action, target, ms, value);
    } catch (reason) {
      return Promise.reject(reason);
    }
  }

  /** @param {string} action @throws what an interruption has left, or why it cannot be asked for */
  #check(action) {
    this.#calls.instance.check();
    if (!this.#record) throw makeError('GREENLET_EHANDLE', `g.${action}: the greenlet has ended`);
    if (this.#pending) {
      const message = `g.${action}: the greenlet is waiting already; await one call of g before the next`;
      throw makeError('GREENLET_EEXECUTING', message);
    }
    const interruption = this.#interruption;
    if (!interruption) return;
    this.#interruption = this.#controller = undefined;
    throw interruption.reason;
  }

  /** @param {string} action @param {string | Task} [target] @param {number} [ms] @param {unknown} [value] */
  #send(action, target, ms = Infinity, value) {
    const { instance } = this.#calls;
    const task = target instanceof Task ? this.#pointerOf(target) : 0;
    if (target instanceof Task && !task) return Promise.resolve(); // it has ended: joined, killed
    const name = typeof target === 'string' ? instance.memory.writeString(target).data : 0;
    this.#write(action, name, this.#valueFor(action, task, value));
    this.#pending = withResolvers();
    const number = ACTIONS.indexOf(action);
    instance.exports.gevent_wasm_request(this.#record, number, name, task, ms / 1000);
    this.#calls.wake();
    return this.#pending.promise;
  }

  /** @param {string} action @param {number} task @param {unknown} value @returns {unknown} what C gets */
  #valueFor(action, task, value) {
    const { instance } = this.#calls;
    if (action === 'throw') return instance.errors.toC(value, []);
    if (action !== 'kill') return value;
    this.#calls.giveReason(task, value);
    return value === undefined ? 0 : instance.errors.toC(value, [], 'GREENLET_EEXIT');
  }

  /** @param {Task} task @returns {number} 0 if it has ended */
  #pointerOf(task) {
    if (task.app === this.#running.task.app) return this.#calls.pointerOf(task);
    throw makeError('GREENLET_EHANDLE', 'the task belongs to another app');
  }

  /** @param {string} action @param {number} name @param {unknown} value */
  #write(action, name, value) {
    const { exports, memory } = this.#calls.instance;
    const items = action === 'put' ? TYPES[exports.gevent_wasm_published_items(name)] : 'void';
    const type = ['switch', 'throw', 'kill'].includes(action) ? 'i32' : items;
    try {
      writeCell(this.#calls.door(), type, exports.gevent_wasm_mailbox(), value, `g.${action}`);
    } catch (reason) {
      memory.free(name);
      throw reason;
    }
  }

  /**
   * C has answered what was asked for; or the greenlet was interrupted before it has asked.
   *
   * @param {number} type
   * @param {number} cell
   * @param {number} error
   */
  answer(type, cell, error) {
    const pending = this.#pending;
    this.#pending = undefined;
    try {
      if (error) this.#refuse(pending, this.#reasonOf(error));
      else pending?.resolve(readCell(this.#calls.door(), TYPES[type], cell));
    } catch (reason) {
      pending?.reject(reason); // what C has put as json is none
    }
  }

  /** @param {number} error @returns {any} a reason of JavaScript's own as itself */
  #reasonOf(error) {
    const made = this.#calls.instance.errors.fromCall(error, '', this.#running.control.calls);
    const reason = made.code === 'GREENLET_EREJECTED' && made.cause !== undefined ? made.cause : made;
    if (reason === made) this.#given.add(made);
    return reason;
  }

  /** @param {PromiseWithResolvers<any> | undefined} pending @param {unknown} reason */
  #refuse(pending, reason) {
    if (!pending) this.#interruption ??= { reason };
    if (!pending || this.#isForeign) this.#controller?.abort(reason);
    if (pending && this.#isForeign) this.#controller = undefined;
    this.#isForeign = false;
    pending?.reject(reason);
  }

  // ---- what is not C's ----------------------------------------------------------------------------

  /** @param {PromiseLike<any>} promise */
  until(promise) {
    try {
      this.#check('until');
    } catch (reason) {
      return Promise.reject(reason);
    }
    const pending = withResolvers();
    this.#pending = pending;
    this.#isForeign = true;
    Promise.resolve(promise).then(
      (value) => this.#release(pending) && pending.resolve(value),
      (reason) => this.#release(pending) && pending.reject(reason),
    );
    this.#calls.instance.exports.gevent_wasm_let_others_run();
    this.#calls.wake();
    return pending.promise;
  }

  /** @param {PromiseWithResolvers<any>} pending @returns {boolean} whether it is pending still */
  #release(pending) {
    if (this.#pending !== pending) return false;
    this.#pending = undefined;
    this.#isForeign = false;
    return true;
  }

  /** Aborts when the greenlet is killed or timed out while it waits for nothing of C's. */
  get signal() {
    this.#controller ??= new AbortController();
    if (this.#interruption) this.#controller.abort(this.#interruption.reason);
    return this.#controller.signal;
  }

  /** @param {any[]} values as of `app.spawn` @returns {Task} */
  spawn(values) {
    this.#calls.instance.check();
    if (!this.#record) throw makeError('GREENLET_EHANDLE', 'g.spawn: the greenlet has ended');
    const calls = this.#calls;
    const { exports } = calls.instance;
    calls.spawning = captureCalls(Greenlet.prototype.spawn);
    exports.gevent_wasm_spawn_as(this.#task);
    try {
      return /** @type {any} */ (this.#running.task.app).spawn(...values);
    } finally {
      calls.spawning = undefined;
      exports.gevent_wasm_spawn_as(0);
    }
  }
}

/**
 * What C gets as the value of a function's task: an integer of 32 bits, or a pointer of C's, as itself.
 *
 * @param {unknown} value
 * @returns {number} 0 for all else
 */
function numberForC(value) {
  return typeof value === 'number' && (value === (value | 0) || value === value >>> 0) ? value : 0;
}

/**
 * What a function that `app.spawn` runs as a greenlet is given: the calls of gevent, by promise. One at a time, and
 * only while it runs: else they reject with GREENLET_EEXECUTING and GREENLET_EHANDLE. Each may reject as the call of C
 * that it stands for; when the greenlet is killed, the call that is pending, or else the next one, rejects with a
 * KilledError. To let that pass is to die; what awaits in a `finally` may call again.
 *
 * Times are in milliseconds; without one a call waits for ever, with 0 not at all. Where it takes a name, that is of
 * something that C has published (gevent/publish.h), or it rejects with GREENLET_EHANDLE.
 */
export class Greenlet {
  /** @type {FunctionCall} */ #call;

  /**
   * Use `app.spawn`.
   *
   * @param {Task} task
   * @param {FunctionCall} call
   */
  constructor(task, call) {
    this.#call = call;
    /** The app that it runs in. */
    this.app = task.app;
    /** Its own task. */
    this.task = task;
  }

  /**
   * For what it awaits besides: aborts when it is killed or timed out meanwhile. Afresh once a call has told it.
   */
  get signal() {
    return this.#call.signal;
  }

  /** @param {number} ms @returns {Promise<void>} */
  sleep(ms) {
    return this.#call.ask('sleep', undefined, ms);
  }

  /** Lets all who are ready run. @returns {Promise<void>} */
  yield() {
    return this.#call.ask('yield');
  }

  /**
   * Awaits a promise of JavaScript's own so that a kill ends the wait. Others run at once; with a plain `await`, once
   * the event loop has been round.
   *
   * @template T
   * @param {PromiseLike<T> | T} promise
   * @returns {Promise<T>}
   */
  until(promise) {
    return this.#call.until(/** @type {any} */ (promise));
  }

  /**
   * Puts an item into a queue or a channel.
   *
   * @param {string} name
   * @param {unknown} value of the type that it was published with
   * @param {number} [ms]
   * @returns {Promise<void>}
   */
  put(name, value, ms) {
    return this.#call.ask('put', name, ms, value);
  }

  /** Gets an item of a queue or a channel. @param {string} name @param {number} [ms] @returns {Promise<any>} */
  get(name, ms) {
    return this.#call.ask('get', name, ms);
  }

  /** Closes a queue or a channel. @param {string} name @returns {Promise<void>} */
  close(name) {
    return this.#call.ask('close', name);
  }

  /** Waits for an event. @param {string} name @param {number} [ms] @returns {Promise<void>} */
  wait(name, ms) {
    return this.#call.ask('wait', name, ms);
  }

  /** Sets an event. @param {string} name @returns {Promise<void>} */
  set(name) {
    return this.#call.ask('set', name);
  }

  /** Clears an event. @param {string} name @returns {Promise<void>} */
  clear(name) {
    return this.#call.ask('clear', name);
  }

  /** Takes a permit of a semaphore. @param {string} name @param {number} [ms] @returns {Promise<void>} */
  acquire(name, ms) {
    return this.#call.ask('acquire', name, ms);
  }

  /** Gives a permit back. @param {string} name @returns {Promise<void>} */
  release(name) {
    return this.#call.ask('release', name);
  }

  /** Waits until a task has ended, however. @param {Task | string} task @param {number} [ms] @returns {Promise<void>} */
  join(task, ms) {
    return this.#call.ask('join', task, ms);
  }

  /**
   * Kills a task and waits until it is dead.
   *
   * @param {Task | string} task
   * @param {number} [ms]
   * @param {unknown} [reason] whose text C gets as the message of its GREENLET_EEXIT. Awaiting a `Task` rejects with it,
   *   awaiting one that was given by name with a KilledError whose `cause` it is
   * @returns {Promise<void>}
   */
  kill(task, ms, reason) {
    return this.#call.ask('kill', task, ms, reason);
  }

  /**
   * Switches to a greenlet, past the hub.
   *
   * @param {string} greenlet its name
   * @param {number} [value] what arrives there: an integer of 32 bits, or a pointer of C's
   * @returns {Promise<number | undefined>} what is sent back; undefined if it has ended by a kill
   */
  switch(greenlet, value = 0) {
    return this.#call.ask('switch', greenlet, undefined, value);
  }

  /** Throws into a greenlet. @param {string} greenlet @param {unknown} reason @returns {Promise<number | undefined>} */
  throw(greenlet, reason) {
    return this.#call.ask('throw', greenlet, undefined, reason);
  }

  /**
   * Gives its task a name by which C finds it (gevent_published_task) until it ends.
   *
   * @param {string} name
   * @returns {Promise<void>}
   */
  publish(name) {
    return this.#call.ask('publish', name);
  }

  /**
   * As `app.spawn`, but the task is spawned by this greenlet: it shares what that one's tree shares.
   *
   * @param {...any} values
   * @returns {Task}
   */
  spawn(...values) {
    return this.#call.spawn(values);
  }
}
