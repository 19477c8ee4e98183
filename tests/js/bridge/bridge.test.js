import { GreenletError } from '../harness/errors.js';
import {
  assert,
  compileProgram,
  deferred,
  describe,
  host,
  it,
  load,
  reasonOf,
  settle,
  thrownBy,
} from '../harness/index.js';
import { loadBridge, loadComplaints } from '../program.js';

describe('values', () => {
  it('crosses the door in every type, both ways', async () => {
    const { app } = await loadBridge();
    assert.equal(await app.spawn('add', 2, 3), 5);
    assert.equal(await app.spawn('add', 2 ** 31 - 1, -(2 ** 31)), -1);
    assert.equal(await app.spawn('hello', 'wörld €😀'), 'hello wörld €😀');
    assert.equal(await app.spawn('hello', ''), 'hello ');
    assert.deepEqual(
      await app.spawn('mirror', new Uint8Array([1, 2, 0, 255])),
      new Uint8Array([255, 0, 2, 1]),
    );
    assert.deepEqual(await app.spawn('mirror', new Uint8Array()), new Uint8Array());
    assert.deepEqual(await app.spawn('change', { a: [1, 'x', null] }), { got: { a: [1, 'x', null] } });
    assert.equal(await app.spawn('through_i64', 2n ** 62n), 2n ** 62n + 1n);
    assert.equal(await app.spawn('through_i64', 41), 42n);
    assert.equal(await app.spawn('through_f64', Math.PI), Math.PI / 2);
    assert.equal(await app.spawn('through_f32', 1.5), 3);
    const object = { key: () => 1 };
    assert.equal(await app.spawn('through_ref', object, 'key'), object.key);
  });

  it('refuses what does not fit, by name, and goes on', async () => {
    const { app } = await loadBridge();
    const cases = /** @type {[string, any[], RegExp][]} */ ([
      ['add', [1], /^add: expected 2 arguments \(i32, i32\), got 1$/],
      ['add', [1, 2, 3], /^add: expected 2 arguments/],
      ['add', [1, 'x'], /^argument 2 of add: expected an integer of 32 bits, got the string x$/],
      ['add', [1, 1.5], /argument 2 of add: expected an integer/],
      ['add', [1, 2 ** 32], /argument 2 of add: expected an integer/],
      ['hello', [null], /argument 1 of hello: expected a string, got null/],
      ['hello', ['a\0b'], /must not contain NUL/],
      ['mirror', ['text'], /expected an ArrayBuffer or a view of one, got the string text/],
      ['change', [undefined], /expected a value that JSON can say/],
      ['through_i64', [2n ** 63n], /expected a bigint of 64 bits/],
      ['through_f64', ['1'], /expected a number/],
    ]);
    for (const [name, args, message] of cases) {
      const error = thrownBy(() => app.spawn(name, ...args));
      assert.ok(error instanceof TypeError, name);
      assert.match(error.message, message);
    }
    assert.equal(await app.spawn('add', 1, 2), 3);
  });

  it('names an export that is missing and those that are there', async () => {
    const { app } = await loadBridge();
    const error = thrownBy(() => app.spawn('nope'));
    assert.ok(error instanceof GreenletError);
    assert.equal(error.code, 'GREENLET_EEXPORT');
    assert.match(error.message, /exports no 'nope'; it exports: add, add_twice/);
  });

  it('names an import that is missing', async () => {
    const module = await compileProgram('bridge.c');
    const error = await reasonOf(load(module, { imports: { host: {} } }));
    assert.ok(error instanceof TypeError);
    assert.match(error.message, /options\.imports\.host\.\w+: expected a function, got undefined/);
  });

  it('fails C, not JavaScript, when an import gives what its type is not', async () => {
    const { app } = await loadBridge({ imports: { host: { greet: /** @type {any} */ (async () => 7) } } });
    const error = await reasonOf(app.spawn('hello', 'x'));
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.match(error.message, /the result of the import host\.greet: expected a string, got the number 7/);
  });
});

describe('concurrency', () => {
  it('suspends one export as often as it is called, each with its own result', async () => {
    const { app } = await loadBridge({ stack: 8192 });
    const tasks = Array.from({ length: 10000 }, (_, i) => app.spawn('add_twice', i, 1));
    const results = await Promise.all(tasks);
    assert.ok(results.every((result, i) => result === i + 2));
    assert.deepEqual(app.waiting(), []);
  });

  it('gives overlapping calls back in the order in which their promises settle (WA-08)', async () => {
    const gates = [deferred(), deferred(), deferred()];
    /** @type {number[]} */
    const order = [];
    const { app } = await loadBridge({
      imports: { host: { add_later: (/** @type {number} */ a) => (a < 3 ? gates[a].promise : a) } },
    });
    const tasks = [0, 1, 2].map((i) => app.spawn('add_twice', i, 0).then((value) => order.push(value)));
    await settle();
    gates[2].resolve(12);
    await settle();
    gates[0].resolve(10);
    gates[1].resolve(11);
    await Promise.all(tasks);
    assert.deepEqual(order, [12, 10, 11]);
  });

  it('lets an event handler call an export while a hundred are suspended', async () => {
    const { app } = await loadBridge();
    const tasks = Array.from({ length: 100 }, () => app.spawn('wait_for_bell'));
    await settle();
    assert.equal(app.waiting().length, 100);
    assert.equal(app.callSync('add', 20, 22), 42);
    app.callSync('ring');
    await Promise.all(tasks);
    assert.ok(tasks.every((task) => task.status === 'returned'));
  });
});

describe('switches', () => {
  it('let nothing of JavaScript run in between (SW-14)', async () => {
    /** @type {string[]} */
    const order = [];
    const note = (/** @type {string} */ text) => {
      if (!order.length) {
        queueMicrotask(() => order.push('microtask'));
        setTimeout(() => order.push('timer'));
      }
      order.push(text);
    };
    const { app } = await loadBridge({ imports: { host: { note } }, clock: 'real' });
    await app.spawn('hop');
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(order, ['here', 'there', 'here', 'there', 'here', 'there', 'microtask', 'timer']);
  });
});

describe('failures', () => {
  it('hands a rejection to C with its message', async () => {
    const { app } = await loadBridge({
      imports: { host: { greet: () => Promise.reject(new Error('no such host')) } },
    });
    assert.equal(await app.spawn('catch_rejection'), 'no such host');
  });

  it('hands a synchronous throw to C in the same way', async () => {
    const { app } = await loadBridge({
      imports: {
        host: {
          greet: () => {
            throw new Error('thrown');
          },
        },
      },
    });
    assert.equal(await app.spawn('catch_rejection'), 'thrown');
    assert.equal(await app.spawn('add', 1, 2), 3);
  });

  it('gives the original reason back as the cause when C lets it pass, and everybody else goes on', async () => {
    const reason = new RangeError('original');
    const { app } = await loadBridge({ imports: { host: { greet: () => Promise.reject(reason) } } });
    const other = app.spawn('add_twice', 1, 1);
    const error = await reasonOf(app.spawn('hello', 'x'));
    assert.equal(error.name, 'RejectedError');
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.equal(error.cause, reason);
    assert.equal(error.greenlet, 'hello');
    assert.equal(await other, 3);
  });

  it('takes a reason that has no text, thrown or rejected, and leaves others alone', async () => {
    const bare = Object.create(null);
    const throwing = () => {
      throw bare;
    };
    for (const greet of [throwing, () => Promise.reject(bare)]) {
      const { app } = await loadBridge({ imports: { host: { greet } } });
      const other = app.spawn('add_twice', 1, 1);
      const error = await reasonOf(app.spawn('hello', 'x'));
      assert.equal(error.code, 'GREENLET_EREJECTED');
      assert.equal(error.cause, bare);
      assert.equal(await other, 3);
    }
  });

  it('names a reference that has ended', async () => {
    const { app } = await loadBridge();
    await app.spawn('keep_ref', {});
    assert.equal((await reasonOf(app.spawn('give_kept'))).code, 'GREENLET_EHANDLE');
  });

  it('names the type of an error of the program', async () => {
    const { app } = await loadBridge();
    const error = await reasonOf(app.spawn('fail', 'oh no'));
    assert.equal(error.code, 'GREENLET_EUSER');
    assert.equal(error.type, 'DemoError');
    assert.equal(error.message, 'oh no');
  });

  it('shows the number of an error of the program that has no message', async () => {
    const { app } = await loadBridge();
    const error = await reasonOf(app.spawn('fail_with', -1077));
    assert.equal(error.message, 'error of the program (-1077)');
    assert.throws(() => app.callSync('fail_with', -1078), { message: 'error of the program (-1078)' });
  });

  it('tells onUnhandled of a failure that nobody looks at, and nobody else', async () => {
    /** @type {any[]} */
    const told = [];
    const { app } = await loadBridge({ onUnhandled: (error, task) => told.push([error, task]) });
    const task = app.spawn('fail', 'unseen');
    app.spawn('fail', 'seen').catch(() => {});
    await app.drain();
    await new Promise((resolve) => setTimeout(resolve));
    await settle();
    assert.equal(told.length, 1);
    assert.equal(told[0][0].message, 'unseen');
    assert.equal(told[0][1], task);
  });
});

describe('kill, abort and time', () => {
  it('kills on abort, after the clean-up of C, with the reason of the signal', async () => {
    const { app, notes } = await loadBridge({ clock: 'real' });
    const controller = new AbortController();
    const reason = new Error('enough');
    const task = app.spawn('sleeper', 3600, 's', { signal: controller.signal });
    await settle();
    assert.equal(task.waitingOn, 'sleep');
    controller.abort(reason);
    assert.equal(await reasonOf(task), reason);
    assert.deepEqual(notes, ['s cleans up']);
    assert.equal(task.status, 'killed');
  });

  it('does not start what was aborted before', async () => {
    const { app, notes } = await loadBridge();
    const task = app.spawn('sleeper', 0, 's', { signal: AbortSignal.abort('early') });
    assert.equal(await reasonOf(task), 'early');
    assert.deepEqual(notes, []);
  });

  it('rejects with a KilledError when no reason is given', async () => {
    const { app, notes } = await loadBridge({ clock: 'real' });
    const task = app.spawn('sleeper', 3600, 's');
    await settle();
    task.kill();
    const error = await reasonOf(task);
    assert.equal(error.name, 'KilledError');
    assert.equal(error.code, 'GREENLET_EEXIT');
    assert.deepEqual(notes, ['s cleans up']);
  });

  it('aborts the signal of the import that the killed greenlet waits for', async () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    const { app } = await loadBridge({
      imports: {
        host: {
          greet: (/** @type {string} */ _name, /** @type {any} */ context) => {
            signal = context.signal;
            return new Promise(() => {});
          },
        },
      },
    });
    const task = app.spawn('hello', 'x');
    await settle();
    assert.equal(signal?.aborted, false);
    task.kill();
    await reasonOf(task);
    assert.equal(signal?.aborted, true);
    assert.equal(signal?.reason.code, 'GREENLET_EEXIT');
  });

  it('drops an answer that comes after the kill', async () => {
    const gate = deferred();
    const { app } = await loadBridge({ imports: { host: { greet: () => gate.promise } } });
    const task = app.spawn('hello', 'x');
    await settle();
    task.kill();
    await reasonOf(task);
    gate.resolve('late');
    await settle();
    assert.equal(await app.spawn('add', 1, 2), 3);
    await app.drain();
  });

  it('fails the pending call when the time limit of a task is over', async () => {
    const { app, notes } = await loadBridge();
    const error = await reasonOf(app.spawn('sleeper', 100, 'q', { timeout: 20 }));
    assert.equal(error.name, 'TimeoutError');
    assert.equal(error.code, 'GREENLET_EEXPIRED');
    assert.deepEqual(notes, ['q cleans up']);
  });

  it('takes a time limit that is over as one that expires at the first wait', async () => {
    const { app } = await loadBridge();
    assert.equal((await reasonOf(app.spawn('sleeper', 1, 's', { timeout: 0 }))).code, 'GREENLET_EEXPIRED');
    assert.throws(
      () => app.spawn('sleeper', 1, 's', { timeout: -5 }),
      /^TypeError: timeout:.*got the number -5/,
    );
    await app.spawn('sleeper', 1e9, 's', { timeout: Infinity });
    assert.throws(() => app.spawn('sleeper', 1, 's', { timeout: Number.NaN }), /^TypeError: timeout:/);
    assert.throws(() => app.spawn('sleeper', 1, 's', { stack: -1 }), /^TypeError: stack:/);
    assert.throws(() => app.spawn('sleeper', 1, 's', { signal: 5 }), /^TypeError: signal:/);
    assert.throws(
      () => app.spawn('sleeper', 1, 's', { timeOut: 5 }),
      /^TypeError: spawn: there is no option 'timeOut'/,
    );
  });

  it('lets timers fire while somebody yields in a loop', async () => {
    const { app } = await loadBridge({ clock: 'real' });
    await app.spawn('spin');
  });

  it('refuses a task of another app', async () => {
    const { app } = await loadBridge({ clock: 'real' });
    const { app: other } = await loadBridge();
    const task = app.spawn('sleeper', 3600, 's');
    const error = thrownBy(() => other.kill(task));
    assert.equal(error.code, 'GREENLET_EHANDLE');
    assert.equal(task.status, 'pending');
    app.kill(task);
    await reasonOf(task);
  });

  it('jumps over time under the virtual clock', async () => {
    const { app } = await loadBridge();
    assert.equal(await app.spawn('many_timers', 100000), 100000);
    await app.spawn('sleeper', 1e6, 'a million seconds');
  });

  it('lets JavaScript react before virtual time moves on', async () => {
    const { app, notes } = await loadBridge();
    const early = app.spawn('sleeper', 1, 'early');
    const late = app.spawn('sleeper', 2, 'late');
    await early.then(() => Promise.resolve()).then(() => late.kill());
    assert.equal((await reasonOf(late)).name, 'KilledError');
    assert.deepEqual(notes, ['early', 'late cleans up']);
  });

  it('waits with one timer under the real clock', async () => {
    const { app, notes } = await loadBridge({ clock: 'real' });
    const start = performance.now();
    await Promise.all([app.spawn('sleeper', 0.02, 'b'), app.spawn('sleeper', 0.01, 'a')]);
    assert.deepEqual(notes, ['a', 'b']);
    assert.ok(performance.now() - start >= 20);
  });
});

describe('main with a time limit', () => {
  it('comes back after it, though nothing is left that could wake anybody', async () => {
    const module = await compileProgram('functions.c');
    const imports = { host: { note: () => {}, never: () => {} } };
    for (const [clock, seconds] of /** @type {const} */ ([
      ['virtual', '3600'],
      ['real', '0.02'],
    ])) {
      const app = await load(module, { clock, args: ['main', seconds], imports });
      const start = performance.now();
      assert.equal(await app.run(), 42);
      if (clock === 'real') assert.ok(performance.now() - start >= 20);
      assert.match(app.waiting().join(), /waits in event since/);
    }
  });
});

describe('synchronous calls', () => {
  it('runs as main and may switch (RE-10): key presses feed a reader', async () => {
    const { app, notes } = await loadBridge();
    for (const key of ['h', 'i', '\n']) app.callSync('press', key);
    assert.deepEqual(notes, ['hi']);
    for (const key of ['y', '\n']) app.callSync('press', key);
    assert.deepEqual(notes, ['hi', 'y']);
  });

  it('says that it would have to wait, and leaves everything usable (WA-05, RE-09)', async () => {
    const { app, notes } = await loadBridge();
    const cases = /** @type {[string, any[], string][]} */ ([
      ['hello', ['x'], 'host.greet answered with a promise to a call that cannot wait'],
      ['sleeper', [1, 'x'], 'a synchronous call would have to wait in sleep'],
      ['wait_for_bell', [], 'a synchronous call would have to wait in event'],
    ]);
    for (const [name, args, message] of cases) {
      const error = thrownBy(() => app.callSync(name, ...args));
      assert.equal(error.name, 'WouldBlockError', name);
      assert.equal(error.code, 'GREENLET_EWOULDBLOCK');
      assert.equal(error.message, message);
    }
    assert.deepEqual(notes, ['x cleans up']);
    assert.equal(app.callSync('add', 1, 2), 3);
    assert.equal(await app.spawn('add_twice', 1, 2), 5);
  });

  it('comes back when it has gone to the hub without a wait', async () => {
    const { app } = await loadBridge();
    const error = thrownBy(() => app.callSync('leave_for_hub'));
    assert.equal(error.name, 'WouldBlockError');
    assert.equal(app.callSync('add', 1, 2), 3);
  });

  it('leaves no memory behind when it would have to wait', async () => {
    const { app } = await loadBridge();
    const failOften = (/** @type {number} */ count) => {
      for (let i = 0; i < count; i++) thrownBy(() => app.callSync('wait_for_bell'));
    };
    failOften(1000);
    const size = app.memorySize;
    failOften(40_000);
    assert.equal(app.memorySize, size);
  });

  it('lets main wait that is run after it', async () => {
    const { app, notes } = await loadComplaints();
    assert.equal(thrownBy(() => app.callSync('ask', 'x')).code, 'GREENLET_EWOULDBLOCK');
    assert.equal(await app.run(), 0);
    assert.deepEqual(notes, ['nobody/nobody/nobody']);
  });

  it('runs in a debug build from within an import, too', async () => {
    /** @type {any} */
    let app;
    let opened = 0;
    const reenter = () => {
      opened = app.callSync('open_door');
    };
    ({ app } = await loadComplaints({ reenter }, {}, ['-g']));
    await app.spawn('call_out');
    assert.equal(opened, 1);
  });

  it('runs as a root of its own from within an import (WA-01, WA-06)', async () => {
    /** @type {any} */
    let app;
    /** @type {any[]} */
    const seen = [];
    const reenter = () => {
      seen.push(app.callSync('switch_below'), app.callSync('own_tree'));
      seen.push(thrownBy(() => app.callSync('sleeper', 1, 'x')).code);
      seen.push(app.spawn('add', 3, 4));
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    await app.spawn('call_out');
    assert.deepEqual(seen.slice(0, 3), [-11, 42, 'GREENLET_EWOULDBLOCK']);
    assert.equal(await seen[3], 7);
    assert.equal(await app.spawn('add_twice', 1, 2), 5);
  });

  it('leaves neither stack nor memory behind when it was called from within an import', async () => {
    /** @type {any} */
    let app;
    let sum = 0;
    const reenter = () => {
      sum += app.callSync('own_tree');
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    await app.spawn('call_out_often', 1000);
    const size = app.memorySize;
    await app.spawn('call_out_often', 9000);
    assert.equal(sum, 420_000);
    assert.equal(app.memorySize, size);
  });

  it('does not take a greenlet below JavaScript for one that is parked', async () => {
    /** @type {any} */
    let app;
    let parked = -1;
    const reenter = () => {
      parked = app.callSync('parked_bytes_of_caller');
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    await app.spawn('park_and_call_out');
    assert.equal(parked, 0);
  });

  it('has a megabyte of stack', async () => {
    const { app } = await loadBridge();
    assert.equal(app.callSync('use_stack', 1_000_000), 3);
    assert.equal(thrownBy(() => app.callSync('use_stack', 1_050_000)).code, 'GREENLET_EOVERFLOW');
  });

  it('refuses to drop the frames of a greenlet that lie below JavaScript', async () => {
    /** @type {any} */
    let app;
    /** @type {any} */
    let error;
    const reenter = () => {
      error = thrownBy(() => app.callSync('kill_caller'));
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    const task = app.spawn('call_out');
    await task;
    assert.equal(error.code, 'GREENLET_EJSFRAME');
    assert.equal(task.status, 'returned');
    assert.equal(await app.spawn('add', 1, 2), 3);
  });

  it('refuses a switch to a greenlet of another root, which stays as it was (ST-08, WA-01)', async () => {
    /** @type {any} */
    let app;
    /** @type {any} */
    let error;
    const reenter = () => {
      error = thrownBy(() => app.callSync('switch_to_reader'));
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    app.callSync('press', 'a');
    await app.spawn('call_out');
    assert.equal(error.code, 'GREENLET_EJSFRAME');
    app.callSync('press', '\n');
  });

  it('refuses a parent of another root for a greenlet that has started', async () => {
    /** @type {any} */
    let app;
    /** @type {any} */
    let error;
    const reenter = () => {
      error = thrownBy(() => app.callSync('adopt_reader'));
    };
    ({ app } = await loadBridge({ imports: { host: { reenter } } }));
    app.callSync('press', 'a');
    await app.spawn('call_out');
    assert.equal(error.code, 'GREENLET_EJSFRAME');
    app.callSync('press', '\n');
  });
});

describe('waiting and ends', () => {
  it('says who waits for what, and drain rejects when nobody could wake them', async () => {
    const { app } = await loadBridge();
    const task = app.spawn('wait_for_bell', { name: 'porter' });
    const error = await reasonOf(app.drain());
    assert.equal(error.name, 'LoopExitError');
    assert.match(error.message, /porter waits in event/);
    assert.match(app.waiting()[0], /^porter waits in event since \d/);
    assert.equal(task.status, 'pending');
    app.callSync('ring');
    await task;
    await app.drain();
  });

  it('shows in Node what became of a task', { skip: host.isBrowser && 'no node:util' }, async () => {
    const { inspect } = await import('node:util');
    const { app } = await loadBridge();
    const tasks = [app.spawn('add', 1, 2), app.spawn('wait_for_bell', { name: 'porter' })];
    await settle();
    const [porter, sum] = [inspect(tasks[1]), inspect(tasks[0])];
    assert.equal(sum, "Task { name: 'add', status: 'returned', value: 3 }");
    assert.equal(porter, "Task { name: 'porter', status: 'pending', waitingOn: 'event' }");
    tasks[1].kill(7);
    await settle();
    assert.equal(inspect(tasks[1]), "Task { name: 'porter', status: 'killed', reason: 7 }");
  });

  it('says what the module has after its end, too', async () => {
    const { app } = await loadBridge();
    const [exports, hasMain] = [app.exports, app.hasMain];
    app.dispose();
    assert.deepEqual(app.exports, exports);
    assert.equal(app.hasMain, hasMain);
  });

  it('numbers greenlets as natively: after the main greenlet and the hub', async () => {
    const { app } = await loadBridge();
    assert.equal(app.callSync('number_of_new'), 3);
    assert.equal(app.callSync('number_of_new'), 4);
  });

  it('names a stack overflow, its greenlet and sizes; the one at fault rejects first (RC-04, WA-04)', async () => {
    const { app } = await loadBridge({ clock: 'real' });
    /** @type {string[]} */
    const order = [];
    const bystander = app.spawn('sleeper', 3600, 'x');
    const fault = app.spawn('overflow', 100000, { name: 'digger' });
    bystander.catch(() => order.push('bystander'));
    fault.catch(() => order.push('fault'));
    const error = await reasonOf(fault);
    assert.equal(error.name, 'StackOverflowError');
    assert.match(
      error.message,
      /^stack overflow in 'digger': its stack has 32768 bytes, it needed 3[23]\d\d\d$/,
    );
    await settle();
    assert.deepEqual(order, ['fault', 'bystander']);
    assert.equal(
      thrownBy(() => app.spawn('add', 1, 2)),
      error,
    );
  });

  it("names an overflow of the engine's own stack", async () => {
    const { app } = await loadBridge();
    const error = await reasonOf(app.spawn('recurse', 100_000_000));
    assert.equal(error.name, 'StackOverflowError');
    assert.equal(error.code, 'GREENLET_EOVERFLOW');
    assert.match(error.message, /^stack overflow in 'recurse': its frames exhausted the engine's own stack$/);
    assert.match(error.cause.message, /call stack size exceeded|too much recursion/);
  });

  it('ends with a trap: every task rejects, signals of imports abort, later calls are refused', async () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    const greet = (/** @type {string} */ _name, /** @type {any} */ context) => {
      signal = context.signal;
      return new Promise(() => {});
    };
    const { app } = await loadBridge({ imports: { host: { greet } } });
    const waiting = app.spawn('hello', 'x');
    const drained = app.drain();
    const fault = app.spawn('trap');
    const error = await reasonOf(fault);
    assert.equal(error.name, 'TrapError');
    assert.equal(error.code, 'GREENLET_ETRAP');
    assert.equal(error.greenlet, 'trap');
    assert.equal(await reasonOf(waiting), error);
    assert.equal(await reasonOf(drained), error);
    assert.equal(signal?.aborted, true);
    assert.equal(await reasonOf(app.drain()), error);
    assert.equal(
      thrownBy(() => app.callSync('add', 1, 2)),
      error,
    );
  });

  it('ends with exit()', async () => {
    const { app } = await loadBridge();
    const error = await reasonOf(app.spawn('quit', 3));
    assert.equal(error.code, 'GREENLET_EDISPOSED');
    assert.match(error.message, /exit\(3\)/);
  });

  it('tells its end once, with the reason, whichever it is', async () => {
    /** @type {any[]} */
    const ends = [];
    const onEnd = (/** @type {unknown} */ reason) => ends.push(reason);
    const { app: trapped } = await loadBridge({ onEnd });
    const error = await reasonOf(trapped.spawn('trap'));
    trapped.dispose();
    const { app: disposed } = await loadBridge({ onEnd });
    disposed.dispose();
    disposed.dispose();
    assert.deepEqual([ends.length, ends[0], ends[1].code], [2, error, 'GREENLET_EDISPOSED']);
  });

  it('reports an error that nobody is left to take, and lives on (FN-15)', async () => {
    let said = '';
    const decoder = new TextDecoder();
    const stderr = (/** @type {Uint8Array} */ bytes) => void (said += decoder.decode(bytes));
    const { app } = await loadBridge({ stderr });
    const task = app.spawn('fail_into_main');
    await settle();
    assert.equal(said, 'greenlet: orphan: nobody takes this\n');
    assert.equal(task.status, 'pending');
    assert.equal(await app.spawn('add_twice', 1, 2), 5);
    app.kill(task);
    assert.equal((await reasonOf(task)).name, 'KilledError');
  });

  it('drops what else nobody is left to take, and says nothing', async () => {
    let said = '';
    const decoder = new TextDecoder();
    const stderr = (/** @type {Uint8Array} */ bytes) => void (said += decoder.decode(bytes));
    const { app } = await loadBridge({ stderr });
    for (const name of ['return_into_main', 'exit_into_main']) {
      const task = app.spawn(name);
      await settle();
      assert.equal(task.status, 'pending');
    }
    assert.equal(said, '');
    app.dispose();
  });

  it('keeps no error that nobody is left to take', async () => {
    const { app } = await loadBridge({ stderr: () => {} });
    const failOften = async () => {
      const tasks = Array.from({ length: 100 }, () => app.spawn('fail_into_main'));
      await settle();
      for (const task of tasks) task.kill();
      await Promise.allSettled(tasks);
    };
    for (let i = 0; i < 5; i++) await failOften();
    const size = app.memorySize;
    for (let i = 0; i < 50; i++) await failOften();
    assert.equal(app.memorySize, size);
  });

  it('refuses a switch to main at rest, before and after it has run', async () => {
    const { app } = await loadBridge();
    const code = await app.spawn('switch_to_main');
    assert.equal(code, -12);
    app.callSync('add', 1, 2);
    assert.equal(await app.spawn('switch_to_main'), code);
  });

  it('writes output by line, and the rest on dispose', async () => {
    const decoder = new TextDecoder();
    /** @type {string[]} */
    const written = [];
    const stdout = (/** @type {Uint8Array} */ bytes) => void written.push(decoder.decode(bytes));
    const { app } = await loadBridge({ stdout });
    await app.spawn('say', 'one\ntwo');
    assert.equal(written.join(''), 'one\n');
    app.dispose();
    assert.equal(written.join(''), 'one\ntwo');
  });

  it('waits for clean-up that waits when it is disposed asynchronously', async () => {
    /** @type {string[]} */
    const notes = [];
    const note = async (/** @type {string} */ text) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      notes.push(text);
    };
    const { app } = await loadBridge({ imports: { host: { note } } });
    const task = app.spawn('sleeper', 3600, 's');
    await app.call('add', 1, 1); // it has begun to sleep
    await app[Symbol.asyncDispose]();
    assert.deepEqual(notes, ['s cleans up']);
    assert.equal(task.status, 'killed');
    assert.equal(thrownBy(() => app.spawn('add', 1, 2)).code, 'GREENLET_EDISPOSED');
    await app[Symbol.asyncDispose]();
  });

  it('calls: spawns and waits, and rejects with what either fails with', async () => {
    const { app } = await loadBridge();
    assert.equal(await app.call('add', 2, 3), 5);
    assert.equal((await reasonOf(app.call('sleeper', 9, 's', { timeout: 1 }))).name, 'TimeoutError');
    assert.equal((await reasonOf(app.call('nothing'))).code, 'GREENLET_EEXPORT');
    assert.match((await reasonOf(app.call('add', 1))).message, /^add: expected 2 arguments/);
  });

  it('kills with clean-up on dispose; what will not die is told so', async () => {
    const { app, notes } = await loadBridge({ clock: 'real' });
    const sleeper = app.spawn('sleeper', 3600, 's');
    const stubborn = app.spawn('stubborn');
    await settle();
    app.dispose();
    assert.equal((await reasonOf(sleeper)).name, 'KilledError');
    assert.deepEqual(notes, ['s cleans up', 'swallowed']);
    assert.equal((await reasonOf(stubborn)).code, 'GREENLET_EDISPOSED');
    assert.equal(thrownBy(() => app.spawn('add', 1, 2)).code, 'GREENLET_EDISPOSED');
    app.dispose();
  });
});
