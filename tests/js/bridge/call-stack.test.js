// What the stack of an error that comes out of C shows.

import { programFrames } from '../../../js/call-stack.js';
import { assert, describe, host, it, reasonOf, settle, thrownBy } from '../harness/index.js';
import { loadComplaints } from '../program.js';

const isV8 = !host.isBun && String(new Error('text').stack).startsWith('Error: text');
const rejecting = { wait_for: () => Promise.reject(new RangeError('sold out')) };

/** What of this package leads to C. JavaScriptCore leaves out who only returns what he has called. */
const ENTRIES = ['spawn', 'callSync', '#spawn'];

/** @param {Error} error @returns {string[]} the names of the functions in its stack, but for the package's own */
function namesIn(error) {
  const lines = /** @type {string} */ (error.stack).split('\n');
  const matches = lines.map((line) => /^\s*at (?:async )?(?:App\.)?(\S+) \(|^([^@\s]+)@/.exec(line) ?? []);
  return matches.map(([, v8, other]) => v8 ?? other).filter((name) => name && !ENTRIES.includes(name));
}

/**
 * That a stack begins with the import, if the error arose in one, and these functions of C, to which Bun gives no names,
 * and then has the caller in JavaScript.
 *
 * @param {Error} error
 * @param {string[]} inC
 * @param {string} caller
 */
function checkStack(error, inC, caller) {
  const [imported, ...functions] = inC;
  const expected = [...(imported ? [imported] : []), ...(host.isBun ? [] : functions), caller];
  assert.deepEqual(namesIn(error).slice(0, expected.length), expected);
}

/** Spawns it from a function of this name. @param {import('../../../js/index.js').App} app @param {string} name @param {any[]} args */
function buyBread(app, name, ...args) {
  const tasks = [app.spawn(name, ...args)]; // no tail call, of which JavaScriptCore would keep no frame
  return tasks[0];
}

describe('the stack of an error', () => {
  it('has the functions of C down to the import that failed, and who spawned them', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const error = await reasonOf(buyBread(app, 'outer_wait', 1));
    checkStack(error, ['host.wait_for', 'inner_wait', 'outer_wait'], 'buyBread');
    assert.match(error.stack, /call-stack\.test\.js:\d+/);
  });

  it('begins as the engine has it: with the error in V8', { skip: !isV8 && 'not V8' }, async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const error = await reasonOf(app.spawn('outer_wait', 1));
    assert.match(
      error.stack,
      /^RejectedError: sold out\n {4}at host\.wait_for \(import\)\n {4}at inner_wait \(wasm:/,
    );
  });

  it('has no functions of C of a promise, where the build is none for debugging', async () => {
    const { app } = await loadComplaints(rejecting);
    checkStack(await reasonOf(buyBread(app, 'outer_wait', 1)), ['host.wait_for'], 'buyBread');
  });

  it('has them of an import that throws, in every build', async () => {
    const wait_for = () => {
      throw new RangeError('sold out');
    };
    const { app } = await loadComplaints({ wait_for });
    checkStack(
      await reasonOf(buyBread(app, 'outer_wait', 1)),
      ['host.wait_for', 'inner_wait', 'outer_wait'],
      'buyBread',
    );
  });

  it('has those of the task that C spawned, where that one failed', async () => {
    const { app } = await loadComplaints(rejecting, { onUnhandled: () => {} }, ['-g']);
    const error = await reasonOf(buyBread(app, 'fail_in_child'));
    checkStack(error, ['host.wait_for', 'inner_wait', 'outer_wait', 'wait_in_task'], 'buyBread');
  });

  it('has the call of a synchronous one', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    function callNow() {
      const results = [app.callSync('outer_wait', 1)];
      return results[0];
    }
    const error = thrownBy(callNow);
    assert.equal(error.name, 'WouldBlockError');
    checkStack(error, ['host.wait_for', 'inner_wait', 'outer_wait'], 'callNow');
  });

  it('has the spawn only of a task that was killed, or whose error did not arise in an import', async () => {
    const { app } = await loadComplaints({ wait_for: () => new Promise(() => {}) });
    const task = buyBread(app, 'outer_wait', 1);
    await settle();
    task.kill();
    checkStack(await reasonOf(task), [], 'buyBread');
  });

  it('leaves that of the original reason alone, which is the cause', async () => {
    const reason = new RangeError('sold out');
    const { stack } = reason;
    const { app } = await loadComplaints({ wait_for: () => Promise.reject(reason) }, {}, ['-g']);
    const error = await reasonOf(app.spawn('outer_wait', 1));
    assert.equal(error.cause, reason);
    assert.equal(error.cause.stack, stack);
  });

  it('is what Node shows, with code, type and greenlet', { skip: !host.isNode && 'not Node' }, async () => {
    const { inspect } = await import('node:util');
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const error = await reasonOf(app.spawn('outer_wait', 1, { name: 'buyer' }));
    assert.equal(String(error), 'RejectedError: sold out');
    const shown = inspect(error);
    assert.match(shown, /^RejectedError: sold out\n {4}at host\.wait_for \(import\)\n {4}at inner_wait/);
    assert.match(shown, /code: 'GREENLET_EREJECTED',\n {2}type: 'Rejected',\n {2}greenlet: 'buyer',\n/);
    assert.match(shown, /\[cause\]: RangeError: sold out\n/);
  });
});

describe('spawnedAt', () => {
  it('is where spawn, or call of a function, was made', async () => {
    const { app } = await loadComplaints();
    /** @type {import('../../../js/index.js').Task[]} */
    const tasks = [
      app.spawn('outer_wait', 1),
      app.spawn(() => {}),
      app.spawn('outer_wait', 1, { signal: AbortSignal.abort() }),
    ];
    await app.spawn((g) => {
      tasks.push(g.spawn(() => {}));
    });
    const sites = tasks.map(({ spawnedAt }) => /call-stack\.test\.js:(\d+):\d+$/.exec(spawnedAt ?? '')?.[1]);
    const lines = sites.map((site) => Number(site) - Number(sites[0]));
    assert.deepEqual(lines, [0, 1, 2, 5]);
    await Promise.allSettled(tasks);
  });
});

describe('frames of C', () => {
  const file = 'http://host/shop.wasm';
  it('are known in the stacks of V8, SpiderMonkey and JavaScriptCore', () => {
    const v8 = `Error
    at raw (http://host/imports.js:1:2)
    at linked.wasm.price (wasm://wasm/linked.wasm-1:wasm-function[3]:0x10)
    at linked.wasm.shop::Basket::total(int) const (wasm://wasm/linked.wasm-1:wasm-function[4]:0x20)
    at linked.wasm.gevent_thunk_buy (wasm://wasm/linked.wasm-1:wasm-function[5]:0x30)
    at linked.wasm.task_main (wasm://wasm/linked.wasm-1:wasm-function[6]:0x40)
    at linked.wasm.hub_run (wasm://wasm/linked.wasm-1:wasm-function[7]:0x50)`;
    assert.deepEqual(programFrames(v8), [
      '    at price (wasm://wasm/linked.wasm-1:wasm-function[3]:0x10)',
      '    at shop::Basket::total(int) const (wasm://wasm/linked.wasm-1:wasm-function[4]:0x20)',
      '    at buy (wasm://wasm/linked.wasm-1:wasm-function[5]:0x30)',
    ]);
    const spiderMonkey = `raw@http://host/imports.js:1:2
price@${file}:wasm-function[3]:0x10
gevent_thunk_price@${file}:wasm-function[4]:0x20
task_main@${file}:wasm-function[5]:0x30`;
    assert.deepEqual(programFrames(spiderMonkey), [`price@${file}:wasm-function[3]:0x10`]);
    const javaScriptCore = `raw@http://host/imports.js:1:2
<?>.wasm-function[price]@[wasm code]
<?>.wasm-function[context_resume]@[wasm code]`;
    assert.deepEqual(programFrames(javaScriptCore), ['<?>.wasm-function[price]@[wasm code]']);
  });

  it('are none where there is no stack', () => {
    assert.deepEqual(programFrames(undefined), []);
    assert.deepEqual(programFrames('Error: message'), []);
  });
});
