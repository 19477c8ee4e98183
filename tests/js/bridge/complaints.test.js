// What users of others' coroutines in WebAssembly complain about, and that it cannot happen here.

import { RejectedError, StackOverflowError } from '../harness/errors.js';
import { fakeTime, unhandledRejections } from '../harness/fakes.js';
import { assert, describe, it, reasonOf, settle, sleep } from '../harness/index.js';
import { loadComplaints } from '../program.js';

/** An import that never answers, and the signals that it was called with. */
function makeForgetful() {
  /** @type {AbortSignal[]} */
  const signals = [];
  const wait_for = (/** @type {number} */ _milliseconds, /** @type {any} */ { signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  return { wait_for, signals };
}

describe('overlapping calls', () => {
  it('of one export return their own results, in whatever order they end', async () => {
    /** @type {Record<number, Function>} */
    const answers = {};
    const { app } = await loadComplaints({
      wait_for: (/** @type {number} */ i) => new Promise((resolve) => (answers[i] = () => resolve(i))),
    });
    const slow = app.spawn('job', 40);
    const fast = app.spawn('job', 5);
    await settle();
    answers[5]();
    assert.equal(await fast, 10);
    assert.equal(slow.status, 'pending');
    answers[40]();
    assert.equal(await slow, 80);
  });

  it('can be ten thousand, each with its own result', async () => {
    /** @type {Function[]} */
    const answers = [];
    const { app } = await loadComplaints(
      { wait_for: (/** @type {number} */ i) => new Promise((resolve) => answers.push(() => resolve(i))) },
      { stack: 8192 },
    );
    const tasks = Array.from({ length: 10_000 }, (_, i) => app.spawn('job', i));
    while (answers.length < tasks.length) await settle();
    assert.ok(tasks.every((task) => task.status === 'pending'));
    for (const answer of answers.reverse()) answer();
    const results = await Promise.all(tasks);
    assert.ok(results.every((result, i) => result === 2 * i));
  });

  it('leave room for an event handler, which calls while a hundred are suspended', async () => {
    const { app } = await loadComplaints();
    const tasks = Array.from({ length: 100 }, (_, i) => app.spawn('wait_at_door', i));
    await settle();
    assert.equal(app.waiting().length, 100);
    const target = new EventTarget();
    /** @type {any[]} */
    const seen = [];
    target.addEventListener('click', () => seen.push(app.spawn('job', 21), app.callSync('open_door')));
    target.dispatchEvent(new Event('click'));
    assert.equal(seen[1], 1);
    assert.equal(await seen[0], 42);
    assert.deepEqual(
      await Promise.all(tasks),
      tasks.map((_, i) => i),
    );
  });
});

describe('a rejection', () => {
  it('reaches C with its message; C goes on, and what it passes on has the original as its cause', async () => {
    const reason = new RangeError('no such day');
    const wait_for = async (/** @type {number} */ milliseconds) => {
      if (milliseconds < 0) throw reason;
      return milliseconds;
    };
    const { app, notes } = await loadComplaints({ wait_for });
    const error = await reasonOf(app.spawn('pass_on'));
    assert.deepEqual(notes, ['no such day', 'C went on']);
    assert.ok(error instanceof RejectedError);
    assert.equal(error.message, 'no such day');
    assert.equal(error.cause, reason);
    assert.equal(await app.spawn('job', 4), 8);
  });

  it('of a task that C spawned reaches JavaScript through gevent_get, with its cause', async () => {
    const reason = new Error('far away');
    const { app } = await loadComplaints(
      { wait_for: () => Promise.reject(reason) },
      { onUnhandled: () => {} },
    );
    const error = await reasonOf(app.spawn('fail_in_child'));
    assert.ok(error instanceof RejectedError);
    assert.equal(error.cause, reason);
  });
});

describe('a recursion that is too deep', () => {
  it('is named, with sizes; others reject with the same, and another instance goes on', async () => {
    const { app } = await loadComplaints({ wait_for: makeForgetful().wait_for });
    const { app: other } = await loadComplaints();
    const bystanders = [app.spawn('job', 1), app.spawn('wait_at_door', 1)];
    await settle();
    const error = await reasonOf(app.spawn('recurse', 100_000, { name: 'digger' }));
    assert.ok(error instanceof StackOverflowError);
    assert.match(
      error.message,
      /^stack overflow in 'digger': its stack has 327(68|76) bytes, it needed 3[23]\d{3}$/,
    );
    assert.equal(error.greenlet, 'digger');
    for (const bystander of bystanders) assert.equal(await reasonOf(bystander), error);
    assert.throws(() => app.spawn('job', 1), error);
    assert.equal(await other.spawn('job', 1), 2);
  });

  it('is none with a stack that is large enough', async () => {
    const { app } = await loadComplaints();
    assert.equal(typeof (await app.spawn('recurse', 1000, { stack: 2 ** 20 })), 'number');
  });
});

describe('an abort', () => {
  it('runs the clean-up of C, which may wait, and then rejects with the reason of the signal', async () => {
    const { wait_for, signals } = makeForgetful();
    const { app, notes } = await loadComplaints({ wait_for }, { clock: 'real' });
    const controller = new AbortController();
    const task = app.spawn('clean_up', { signal: controller.signal });
    await settle();
    const reason = new Error('closed');
    controller.abort(reason);
    const settled = reasonOf(task).then((error) => {
      assert.deepEqual(notes, ['cleaning', 'clean']);
      return error;
    });
    assert.equal(task.status, 'pending');
    assert.equal(await settled, reason);
    assert.equal(task.status, 'killed');
    assert.equal(signals[0].aborted, true);
  });

  for (const how of ['kill', 'timeout', 'scope']) {
    it(`reaches an import whose wait C has ended: ${how}`, async () => {
      const { wait_for, signals } = makeForgetful();
      const { app } = await loadComplaints({ wait_for }, { clock: 'real' });
      const task = app.spawn(`end_by_${how}`);
      await sleep(1);
      assert.equal(signals.length, 1);
      assert.equal(signals[0].aborted, false);
      await task;
      assert.equal(signals[0].aborted, true);
      assert.equal(signals[0].reason.code, 'GREENLET_EEXIT');
    });
  }

  it('reaches an import whose task’s own time limit is over', async () => {
    const { wait_for, signals } = makeForgetful();
    const { app } = await loadComplaints({ wait_for }, { clock: 'real' });
    assert.equal((await reasonOf(app.spawn('job', 1, { timeout: 5 }))).code, 'GREENLET_EEXPIRED');
    assert.equal(signals[0].aborted, true);
  });
});

describe('memory that grows while calls are suspended', () => {
  it('leaves strings and bytes of both sides as they were', async () => {
    /** @type {any[]} */
    const pending = [];
    const slow_bytes = (/** @type {Uint8Array} */ bytes, /** @type {string} */ text) =>
      new Promise((resolve) => pending.push({ bytes, text, resolve }));
    const { app } = await loadComplaints({ slow_bytes });
    const text = 'wörld €😀'.repeat(7).slice(0, 40);
    const inputs = Array.from({ length: 20 }, (_, i) => new Uint8Array(1000 + i).fill(i));
    const tasks = inputs.map((bytes) => app.spawn('carry', bytes, text));
    await settle();
    const before = app.memorySize;
    await app.spawn('grow', 8 << 20);
    assert.ok(app.memorySize > before);
    for (const { bytes, text: seen, resolve } of pending) {
      assert.equal(seen, text);
      resolve(bytes);
    }
    const results = await Promise.all(tasks);
    await app.spawn('grow', 8 << 20);
    assert.deepEqual(results, inputs);
  });
});

describe('a failure that nobody looks at', () => {
  it('goes to onUnhandled, of tasks of either side, and never to the host', async (t) => {
    /** @type {any[]} */
    const told = [];
    const leaked = unhandledRejections(t);
    const { app } = await loadComplaints(
      { wait_for: () => Promise.reject(new Error('no')) },
      { onUnhandled: (error, task) => told.push([error, task]) },
    );
    const unseen = app.spawn('job', 1);
    app.spawn('fail_in_child').catch(() => {});
    const killed = app.spawn('wait_at_door', 1);
    await settle();
    killed.kill();
    await sleep(5);
    await settle();
    const [ofChild, ofTask] = told;
    assert.equal(told.length, 2);
    assert.deepEqual([ofChild[0].message, ofChild[1]], ['no', undefined]);
    assert.deepEqual([ofTask[0].message, ofTask[1]], ['no', unseen]);
    assert.deepEqual(leaked, []);
    assert.equal((await reasonOf(unseen)).message, 'no');
    assert.equal((await reasonOf(killed)).name, 'KilledError');
  });
});

describe('time', () => {
  it('beyond what setTimeout can do passes in steps', async (t) => {
    const time = fakeTime(t);
    const { app, notes } = await loadComplaints({}, { clock: 'real' });
    const days = 30;
    const task = app.spawn('sleep_days', days);
    await settle();
    for (let day = 0; day < days; day++) {
      assert.equal(task.status, 'pending');
      assert.deepEqual(notes, []);
      time.pass(86_400_000);
      await settle();
    }
    assert.deepEqual(notes, ['awake']);
    await task;
  });
});
