// Functions of JavaScript that run as greenlets, beside C and in its order.

import { KilledError, LoopExitError, TimeoutError } from '../harness/errors.js';
import { assert, compileProgram, describe, it, load, reasonOf, settle } from '../harness/index.js';
import { LONG, loadBridge } from '../program.js';

/** @typedef {import('../../../js/index.js').Greenlet} Greenlet */
/** @typedef {import('../../../js/index.js').Task} Task */

/**
 * functions.c, loaded, with its objects published, and what it has noted.
 *
 * @param {Record<string, Function>} [imports]
 * @param {import('../../../js/app.js').AppOptions} [options]
 * @param {number} [maxMemory]
 */
async function loadFunctions(imports, options, maxMemory) {
  /** @type {string[]} */
  const notes = [];
  const host = {
    note: (/** @type {string} */ text) => void notes.push(text),
    never: () => new Promise(() => {}),
    ...imports,
  };
  const app = await load(await compileProgram('functions.c', undefined, maxMemory), {
    clock: 'virtual',
    slice: LONG,
    onUnhandled: () => {},
    ...options,
    imports: { host },
  });
  app.callSync('share', 2);
  await app.spawn(() => {}); // the first waits for what functions need, in browsers some turns long
  return { app, notes, note: host.note };
}

describe('a function', () => {
  it('is a task: what it returns, at once or later, is the result', async () => {
    const { app } = await loadFunctions();
    assert.equal(await app.spawn(() => 42), 42);
    assert.equal(await app.spawn(async () => 43), 43);
    assert.equal(
      await app.spawn(async () => {
        await settle(); // never uses what it is given
        return 44;
      }),
      44,
    );
    /** @type {Task} */
    const task = app.spawn(async function reader(g) {
      assert.equal(g.task, task);
      assert.equal(g.app, app);
      await g.sleep(10);
    });
    assert.equal(task.name, 'reader');
    assert.equal(app.spawn(() => {}, { name: 'other' }).name, 'other');
    await settle();
    assert.equal(await task, undefined);
    assert.equal(task.status, 'returned');
  });

  it('is killed or timed out, and has not failed, when it fails with the abort of its signal', async () => {
    const { app } = await loadFunctions({}, { clock: 'real' });
    const wait = (/** @type {Greenlet} */ { signal }) =>
      new Promise((_, reject) => {
        const fail = () =>
          reject(Object.assign(new Error('aborted', { cause: signal.reason }), { name: 'AbortError' }));
        signal.addEventListener('abort', fail);
      });
    const killed = app.spawn(wait);
    await settle();
    killed.kill(new Error('stop'));
    assert.equal((await reasonOf(killed)).message, 'stop');
    assert.equal(killed.status, 'killed');
    const late = app.spawn(wait, { timeout: 1 });
    assert.ok((await reasonOf(late)) instanceof TimeoutError);
  });

  it('refuses what is no name', async () => {
    const { app } = await loadFunctions();
    const task = app.spawn(async (g) => g.get(/** @type {any} */ (undefined)));
    assert.equal((await reasonOf(task)).message, 'expected the name of a queue or a channel');
  });

  it('fails with what it throws, itself', async () => {
    const { app } = await loadFunctions();
    const error = new Error('mine');
    assert.equal(
      await reasonOf(
        app.spawn(() => {
          throw error;
        }),
      ),
      error,
    );
    assert.equal(await reasonOf(app.spawn(() => Promise.reject(error))), error);
    const task = app.spawn(async (g) => {
      await g.yield();
      throw null;
    });
    assert.equal(await reasonOf(task), null);
    assert.equal(task.status, 'failed');
  });

  it('refuses calls that overlap, calls after its end, and times that are none', async () => {
    const { app } = await loadFunctions();
    /** @type {Greenlet | undefined} */
    let kept;
    const overlapping = app.spawn(async (g) => {
      kept = g;
      const first = g.sleep(10);
      const error = await reasonOf(g.get('jobs'));
      await first;
      return error;
    });
    const error = await overlapping;
    assert.equal(error.code, 'GREENLET_EEXECUTING');
    assert.match(error.message, /^g\.get: the greenlet is waiting already/);
    const late = await reasonOf(/** @type {Greenlet} */ (kept).sleep(1));
    assert.equal(late.code, 'GREENLET_EHANDLE');
    assert.match(late.message, /^g\.sleep: the greenlet has ended/);
    assert.throws(() => kept?.spawn(() => {}), { code: 'GREENLET_EHANDLE' });
    const time = await reasonOf(app.spawn((g) => g.sleep(-1)));
    assert.match(time.message, /^sleep: expected milliseconds from 0 on, got the number -1/);
    assert.throws(() => app.spawn(() => {}, { timeout: -1 }), /timeout: expected milliseconds from 0 on/);
  });

  it('ends after a call that it has not awaited', async () => {
    const { app } = await loadFunctions();
    const task = app.spawn((g) => void g.sleep(1000));
    await settle();
    assert.equal(task.waitingOn, 'sleep');
    assert.equal(await task, undefined);
  });
});

describe('what C shares', () => {
  it('crosses queues and channels in every type', async () => {
    const { app } = await loadFunctions();
    const got = await app.spawn(async (g) => {
      await g.put('jobs', 'wörld');
      await g.put('numbers', 1.5);
      await g.put('blocks', new Uint8Array([1, 0, 2]));
      g.spawn((/** @type {Greenlet} */ h) => h.put('desk', { a: [1] }));
      return [await g.get('jobs'), await g.get('numbers'), await g.get('blocks'), await g.get('desk')];
    });
    assert.deepEqual(got, ['wörld', 1.5, new Uint8Array([1, 0, 2]), { a: [1] }]);
  });

  it('is refused when there is no memory for it, and nothing is lost', async () => {
    const { app } = await loadFunctions({}, {}, 8 << 20);
    const got = await app.spawn(async (g) => {
      await g.put('blocks', new Uint8Array([1]));
      const large = new Uint8Array(4 << 20); // the memory has room for one copy, and not for two
      const error = await reasonOf(g.put('blocks', large));
      await g.put('blocks', new Uint8Array([2]));
      return [error.code, await g.get('blocks'), await g.get('blocks')];
    });
    assert.deepEqual(got, ['GREENLET_ENOMEM', new Uint8Array([1]), new Uint8Array([2])]);
  });

  it('refuses by name what is not there, any more, or is of another kind', async () => {
    const { app } = await loadFunctions();
    const code = async (/** @type {(g: Greenlet) => any} */ run) => {
      const { code, message } = await reasonOf(app.spawn(run));
      return `${code}: ${message}`;
    };
    assert.match(
      await code((g) => g.get('x')),
      /^GREENLET_EHANDLE: nothing is published as 'x'; published: jobs,/,
    );
    assert.match(await code((g) => g.wait('jobs')), /^GREENLET_EHANDLE: 'jobs' is a queue, not an event/);
    assert.match(await code((g) => g.switch('slots')), /'slots' is a semaphore, not a greenlet/);
    assert.match(await code((g) => g.put('jobs', 1)), /g\.put: expected a string, got the number 1/);
    app.callSync('unshare', 'jobs');
    assert.match(await code((g) => g.put('jobs', 'x')), /nothing is published as 'jobs'/);
    assert.equal((await reasonOf(app.spawn('unshare', 'jobs'))).code, 'GREENLET_EHANDLE');
  });

  it('may be full, empty, closed, or too late', async () => {
    const { app } = await loadFunctions();
    await app.spawn(async (g) => {
      assert.equal((await reasonOf(g.get('jobs', 0))).code, 'GREENLET_ETIMEDOUT');
      assert.ok((await reasonOf(g.get('jobs', 5))) instanceof TimeoutError);
      await g.put('jobs', 'a');
      await g.put('jobs', 'b');
      assert.equal((await reasonOf(g.put('jobs', 'c', 10))).code, 'GREENLET_ETIMEDOUT');
      await g.close('jobs');
      assert.deepEqual([await g.get('jobs'), await g.get('jobs')], ['a', 'b']);
      assert.equal((await reasonOf(g.get('jobs'))).code, 'GREENLET_ECLOSED');
      await g.acquire('slots');
      assert.equal((await reasonOf(g.acquire('slots', 10))).code, 'GREENLET_ETIMEDOUT');
      await g.release('slots');
      await g.set('ready');
      await g.wait('ready');
      await g.clear('ready');
      assert.equal((await reasonOf(g.wait('ready', 10))).code, 'GREENLET_ETIMEDOUT');
    });
    assert.equal(app.callSync('items_left'), 0);
  });

  it('loses no item to those who are killed or have been refused', async () => {
    const { app } = await loadFunctions();
    const getter = app.spawn((g) => g.get('jobs'));
    await settle();
    getter.kill();
    await reasonOf(getter);
    const putters = ['a', 'b', 'c', 'd'].map((item) => app.spawn((g) => g.put('jobs', item)));
    await settle();
    putters[3].kill();
    await reasonOf(putters[3]);
    assert.deepEqual(
      await app.spawn(async (g) => [await g.get('jobs'), await g.get('jobs'), await g.get('jobs')]),
      ['a', 'b', 'c'],
    );
    assert.equal(app.callSync('items_left'), 0);
  });
});

describe('the order', () => {
  /** produce of functions.c. */
  const produce = async (
    /** @type {Greenlet} */ g,
    /** @type {Function} */ note,
    /** @type {string} */ who,
    /** @type {number} */ count,
  ) => {
    for (let i = 0; i < count; i++) {
      await g.put('jobs', `${who}${i}`);
      note(`put ${who}${i}`);
      await g.sleep(1);
    }
    note(`done ${who}`);
  };

  /** consume of functions.c; its parts are async functions themselves. */
  const consume = async (
    /** @type {Greenlet} */ g,
    /** @type {Function} */ note,
    /** @type {string} */ who,
  ) => {
    const take = async () => {
      const item = await g.get('jobs');
      note(`${who} ${item}`);
      return await (async () => g.set('ready'))();
    };
    try {
      for (;;) {
        await take();
        await g.yield();
        note(`${who} goes on`);
      }
    } catch (/** @type {any} */ error) {
      note(`${who} ${error.message}`);
    }
  };

  /** @param {boolean[]} inJavaScript which of five tasks are */
  async function trace(inJavaScript) {
    const { app, notes, note } = await loadFunctions();
    const spawn = (
      /** @type {boolean} */ isFunction,
      /** @type {string} */ who,
      /** @type {number} */ count = 0,
    ) => {
      if (isFunction) app.spawn((g) => (count ? produce(g, note, who, count) : consume(g, note, who)));
      else if (count) app.spawn('produce', who, count);
      else app.spawn('consume', who);
    };
    spawn(inJavaScript[0], 'a', 7);
    spawn(inJavaScript[1], 'x');
    spawn(inJavaScript[2], 'b', 5);
    spawn(inJavaScript[3], 'y');
    spawn(inJavaScript[4], 'c', 6);
    app.spawn('close_after', 1);
    await app.drain();
    return notes;
  }

  it('is that of the same program in C, whichever parts of it are functions', async () => {
    const all = await trace([false, false, false, false, false]);
    assert.ok(all.length > 50);
    assert.deepEqual(await trace([true, true, true, true, true]), all);
    assert.deepEqual(await trace([true, false, false, true, false]), all);
    assert.deepEqual(await trace([false, true, true, false, true]), all);
  });

  it('lets others run while one awaits a promise of its own', async () => {
    const { app, notes, note } = await loadFunctions();
    let open = () => {};
    const gate = new Promise((resolve) => (open = () => resolve(undefined)));
    const waiting = app.spawn(async () => {
      await gate;
      note('waited');
    });
    await app.spawn(async (g) => {
      await g.yield();
      note('ran');
      open();
    });
    await waiting;
    assert.deepEqual(notes, ['ran', 'waited']);
  });

  it('keeps a thousand at once, each with its own', async () => {
    const { app } = await loadFunctions();
    const tasks = Array.from({ length: 1000 }, (_, i) =>
      app.spawn(async (g) => {
        await g.sleep(1000 - i);
        await g.acquire('slots');
        await g.yield();
        await g.release('slots');
        return i;
      }),
    );
    const results = await Promise.all(tasks);
    assert.ok(results.every((result, i) => result === i));
    assert.deepEqual(app.waiting(), []);
  });
});

describe('a value in C', () => {
  it('is the integer that the function has returned, and else nothing', async () => {
    const { app } = await loadFunctions();
    const valueInC = async (/** @type {unknown} */ value) => {
      const task = app.spawn(async (g) => {
        await g.publish('giver');
        await g.sleep(5);
        return value;
      });
      await settle();
      const got = await app.spawn('value_of_published', 'giver', 1);
      assert.equal(await task, value);
      return got;
    };
    assert.equal(await valueInC(-7), -7);
    assert.equal(await valueInC(2 ** 32 - 1), -1); // as a pointer of C's
    for (const value of [1.5, 2 ** 32, '7', undefined]) assert.equal(await valueInC(value), 0);
  });

  it('is there of one with a time limit, too', async () => {
    const { app } = await loadFunctions();
    const task = app.spawn(
      async (g) => {
        await g.publish('slow');
        await g.sleep(5);
        return 8;
      },
      { timeout: 100 },
    );
    await settle();
    assert.equal(await app.spawn('value_of_published', 'slow', 1), 8);
    assert.equal(await task, 8);
  });
});

describe('a kill', () => {
  it('by a function has a reason: of a task itself, of a name a KilledError with it as cause', async () => {
    const { app, notes } = await loadFunctions();
    const reason = new Error('enough');
    const tasks = [app.spawn('nap', 1e9), app.spawn('publish_self', 'sleeper')];
    await settle();
    await app.spawn(async (g) => {
      await g.kill(tasks[0], undefined, reason);
      await g.kill('sleeper', undefined, reason);
    });
    assert.equal(await reasonOf(tasks[0]), reason);
    const error = await reasonOf(tasks[1]);
    assert.ok(error instanceof KilledError);
    assert.equal(error.message, 'enough');
    assert.equal(error.cause, reason);
    assert.deepEqual(
      tasks.map(({ status }) => status),
      ['killed', 'killed'],
    );
    assert.deepEqual(notes, ['enough']);
  });

  it('that is hard ends the function at once; what it calls then is refused', async () => {
    const { app, notes, note } = await loadFunctions();
    const task = app.spawn(async (g) => {
      await g.publish('victim');
      await g.put('jobs', 'kept');
      const reason = await reasonOf(g.sleep(1e9));
      note(reason.code);
      note((await reasonOf(g.sleep(1))).code);
    });
    await settle();
    await app.spawn('kill_published_hard', 'victim');
    assert.ok((await reasonOf(task)) instanceof KilledError);
    await settle();
    assert.deepEqual(notes, ['GREENLET_EHANDLE', 'GREENLET_EHANDLE']);
    assert.equal(await app.spawn((g) => g.get('jobs')), 'kept');
    assert.equal((await reasonOf(app.spawn((g) => g.join('victim')))).code, 'GREENLET_EHANDLE');
    await app.drain();
  });

  it('rejects the call that is pending; finally-blocks may call again', async () => {
    const { app, notes, note } = await loadFunctions();
    const task = app.spawn(async (g) => {
      try {
        await g.get('jobs');
      } finally {
        await g.sleep(10);
        note('cleaned');
      }
    });
    await settle();
    const reason = new Error('enough');
    task.kill(reason);
    assert.equal(await reasonOf(task), reason);
    assert.equal(task.status, 'killed');
    assert.deepEqual(notes, ['cleaned']);
  });

  it('may be swallowed, as in C', async () => {
    const { app } = await loadFunctions();
    const task = app.spawn(async (g) => {
      const error = await reasonOf(g.sleep(1000));
      assert.ok(error instanceof KilledError);
      await g.sleep(1);
      return 'alive';
    });
    await settle();
    task.kill();
    assert.equal(await task, 'alive');
    assert.equal(task.status, 'returned');
  });

  it('of one that awaits something of its own aborts its signal, and its next call', async () => {
    const { app } = await loadFunctions();
    /** @type {AbortSignal[]} */
    const signals = [];
    const task = app.spawn(async (g) => {
      signals.push(g.signal);
      await new Promise((resolve) => g.signal.addEventListener('abort', resolve));
      const error = await reasonOf(g.yield());
      signals.push(g.signal);
      await g.yield(); // told once
      throw error;
    });
    await settle();
    await settle();
    task.kill();
    assert.ok((await reasonOf(task)) instanceof KilledError);
    assert.equal(task.status, 'killed');
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
    assert.ok(signals[0].reason instanceof KilledError);
  });

  it('ends until() at once, and its promise is forgotten', async () => {
    const { app } = await loadFunctions();
    const task = app.spawn((g) => g.until(new Promise(() => {})));
    await settle();
    assert.equal(task.waitingOn, 'javascript');
    task.kill();
    assert.ok((await reasonOf(task)) instanceof KilledError);
    assert.equal(await app.spawn((g) => g.until(Promise.resolve(5))), 5);
    const error = new Error('mine');
    assert.equal(await reasonOf(app.spawn((g) => g.until(Promise.reject(error)))), error);
  });

  it('comes from C, from another function, from a signal, or from a time limit', async () => {
    const { app } = await loadFunctions();
    const forever = async (/** @type {Greenlet} */ g) => {
      await g.publish('forever');
      await g.sleep(1e9);
    };
    const first = app.spawn(forever);
    await settle();
    await app.spawn('kill_published', 'forever');
    assert.equal(first.status, 'killed');
    const second = app.spawn(forever);
    await app.spawn((g) => g.kill(second));
    assert.equal(second.status, 'killed');
    const controller = new AbortController();
    const third = app.spawn(forever, { signal: controller.signal });
    await settle();
    controller.abort('stop');
    assert.equal(await reasonOf(third), 'stop');
    const fourth = await reasonOf(app.spawn(forever, { timeout: 100 }));
    assert.ok(fourth instanceof TimeoutError);
    assert.equal(fourth.code, 'GREENLET_EEXPIRED');
    const never = app.spawn(forever, { signal: AbortSignal.abort('before') });
    assert.equal(await reasonOf(never), 'before');
  });
});

describe('others', () => {
  it('join and get it in C, and it joins and kills tasks of C', async () => {
    const { app } = await loadFunctions();
    const ended = app.spawn(async (g) => {
      await g.publish('worker');
      await g.sleep(100);
    });
    await settle();
    assert.equal(await app.spawn('join_published', 'worker', 1), 'returned');
    assert.equal(ended.status, 'returned');
    app
      .spawn(async (g) => {
        await g.publish('failing');
        await g.sleep(100);
        throw new Error('out of cake');
      })
      .catch(() => {});
    await settle();
    const error = await reasonOf(app.spawn('join_published', 'failing', 1));
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.equal(error.cause.message, 'out of cake');
    assert.match(
      (await reasonOf(app.spawn('join_published', 'worker', 1))).message,
      /no task is called worker/,
    );
    await app.spawn(async (g) => {
      const task = app.spawn('nap', 1);
      assert.equal((await reasonOf(g.join(task, 10))).code, 'GREENLET_ETIMEDOUT');
      await g.join(task);
      assert.equal(task.status, 'returned');
      await g.join(task);
      await g.kill(task);
      const endless = app.spawn('nap', 1e9);
      await g.yield();
      await g.kill(endless);
      assert.equal(endless.status, 'killed');
      assert.equal((await reasonOf(g.join(g.task))).code, 'GREENLET_EDEADLK');
    });
  });

  it('switch with it: to a greenlet of C and back, with numbers and errors', async () => {
    const { app } = await loadFunctions();
    const numbers = await app.spawn(async (g) => {
      await g.publish('parent');
      app.callSync('share_counter', 'parent');
      const got = [];
      for (const value of [4, 5, 6, 7]) got.push(await g.switch('counter', value));
      return got;
    });
    assert.deepEqual(numbers, [40, 51, 62, 7]);
    const error = new Error('thrown');
    const thrown = app.spawn(async (g) => {
      await g.publish('thrower');
      app.callSync('unshare', 'counter');
      app.callSync('share_counter', 'thrower');
      assert.equal(await g.switch('counter', 1), 10);
      assert.equal(await reasonOf(g.throw('counter', error)), error);
      throw error;
    });
    assert.equal(await reasonOf(thrown), error);
  });

  it('see it in dumps and reports, with who has spawned it', async () => {
    const { app } = await loadFunctions();
    app.spawn(
      async (g) => {
        g.spawn(async (/** @type {Greenlet} */ h) => h.get('jobs'), { name: 'child' });
        await g.wait('ready');
      },
      { name: 'mother' },
    );
    await settle();
    assert.deepEqual(app.waiting(), [
      'mother waits in event since 0.000 s ago',
      'child waits in queue get since 0.000 s ago',
    ]);
    assert.match(
      app.callSync('dump'),
      /\n {2}mother #\d+ waits in event.*\n {4}child #\d+ waits in queue get/,
    );
    const error = await reasonOf(app.drain());
    assert.ok(error instanceof LoopExitError);
    assert.match(error.message, /mother waits in event.*; child waits in queue get/);
    app.dispose();
  });
});

describe('the end of the instance', () => {
  it('kills them; what they call then is refused', async () => {
    const { app, notes, note } = await loadFunctions();
    const run = async (/** @type {Greenlet} */ g) => {
      try {
        await g.sleep(1e9);
      } catch (/** @type {any} */ error) {
        note(error.code);
        note((await reasonOf(g.sleep(1))).code);
      }
    };
    const tasks = [app.spawn(run), app.spawn(run)];
    const own = app.spawn(() => new Promise(() => {}));
    await settle();
    app.dispose();
    for (const task of [...tasks, own]) assert.equal((await reasonOf(task)).code, 'GREENLET_EDISPOSED');
    assert.deepEqual(notes, ['GREENLET_EEXIT', 'GREENLET_EEXIT', 'GREENLET_EDISPOSED', 'GREENLET_EDISPOSED']);
    assert.throws(() => app.spawn(() => {}), { code: 'GREENLET_EDISPOSED' });
  });

  it('waits for their clean-up with asyncDispose', async () => {
    const { app, notes, note } = await loadFunctions();
    app
      .spawn(async (g) => {
        try {
          await g.sleep(1e9);
        } finally {
          await g.sleep(5);
          note('cleaned');
        }
      })
      .catch(() => {});
    await settle();
    await app[Symbol.asyncDispose]();
    assert.deepEqual(notes, ['cleaned']);
  });

  it('tells a failure that nobody looks at to onUnhandled', async () => {
    /** @type {unknown[]} */
    const told = [];
    const { app } = await loadFunctions({}, { onUnhandled: (error) => void told.push(error) });
    const error = new Error('unseen');
    app.spawn(async (g) => {
      await g.yield();
      throw error;
    });
    await settle();
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(told, [error]);
  });
});

describe('a module without any', () => {
  it('publishes nothing', async () => {
    const { app } = await loadBridge();
    const { message } = await reasonOf(app.spawn((g) => g.get('jobs')));
    assert.equal(message, "nothing is published as 'jobs'; published: nothing");
  });
});
