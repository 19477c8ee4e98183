// What the stack of an error that comes out of C shows.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';

import { programFrames } from '../../js/call-stack.js';
import { loadComplaints, reasonOf, settle } from './program.js';

const rejecting = { wait_for: () => Promise.reject(new RangeError('sold out')) };

/** @param {Error} error @returns {string[]} the names of the functions in its stack */
function namesIn(error) {
  const lines = /** @type {string} */ (error.stack).split('\n').slice(1);
  return lines.map((line) => /at (?:async )?(\S+) \(/.exec(line)?.[1] ?? '');
}

describe('the stack of an error', () => {
  it('has the functions of C down to the import that failed, and who spawned them', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const buyBread = () => app.spawn('outer_wait', 1);
    const task = buyBread();
    const error = await reasonOf(task);
    assert.deepEqual(namesIn(error).slice(0, 4), ['inner_wait', 'outer_wait', 'App.spawn', 'buyBread']);
    assert.match(error.stack, /^RejectedError: sold out\n {4}at inner_wait \(wasm:/);
    assert.match(error.stack, /call-stack\.test\.js:\d+/);
  });

  it('has no functions of C of a promise, where the build is none for debugging', async () => {
    const { app } = await loadComplaints(rejecting);
    const buyBread = () => app.spawn('outer_wait', 1);
    assert.deepEqual(namesIn(await reasonOf(buyBread())).slice(0, 2), ['App.spawn', 'buyBread']);
  });

  it('has them of an import that throws, in every build', async () => {
    const wait_for = () => {
      throw new RangeError('sold out');
    };
    const { app } = await loadComplaints({ wait_for });
    const error = await reasonOf(app.spawn('outer_wait', 1));
    assert.deepEqual(namesIn(error).slice(0, 3), ['inner_wait', 'outer_wait', 'App.spawn']);
  });

  it('has those of the task that C spawned, where that one failed', async () => {
    const { app } = await loadComplaints(rejecting, { onUnhandled: () => {} }, ['-g']);
    const error = await reasonOf(app.spawn('fail_in_child'));
    assert.deepEqual(namesIn(error).slice(0, 4), ['inner_wait', 'outer_wait', 'wait_in_task', 'App.spawn']);
  });

  it('has the call of a synchronous one', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const callNow = () => app.callSync('outer_wait', 1);
    const error = await reasonOf((async () => callNow())());
    assert.equal(error.name, 'WouldBlockError');
    assert.deepEqual(namesIn(error).slice(0, 4), ['inner_wait', 'outer_wait', 'App.callSync', 'callNow']);
  });

  it('has the spawn only of a task that was killed, or whose error did not arise in an import', async () => {
    const { app } = await loadComplaints({ wait_for: () => new Promise(() => {}) });
    const spawnIt = () => app.spawn('outer_wait', 1);
    const task = spawnIt();
    await settle();
    task.kill();
    assert.deepEqual(namesIn(await reasonOf(task)).slice(0, 2), ['App.spawn', 'spawnIt']);
  });

  it('leaves that of the original reason alone, which is the cause', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const error = await reasonOf(app.spawn('outer_wait', 1));
    assert.match(error.cause.stack, /^RangeError: sold out\n.*wait_for/);
  });

  it('is what Node shows, with code, type and greenlet', async () => {
    const { app } = await loadComplaints(rejecting, {}, ['-g']);
    const error = await reasonOf(app.spawn('outer_wait', 1, { name: 'buyer' }));
    assert.equal(String(error), 'RejectedError: sold out');
    const shown = inspect(error);
    assert.match(shown, /^RejectedError: sold out\n {4}at inner_wait/);
    assert.match(shown, /code: 'GREENLET_EREJECTED',\n {2}type: 'Rejected',\n {2}greenlet: 'buyer',\n/);
    assert.match(shown, /\[cause\]: RangeError: sold out\n/);
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
<?>.wasm-function[greenlet_entry]@[wasm code]`;
    assert.deepEqual(programFrames(javaScriptCore), ['<?>.wasm-function[price]@[wasm code]']);
  });

  it('are none where there is no stack', () => {
    assert.deepEqual(programFrames(undefined), []);
    assert.deepEqual(programFrames('Error: message'), []);
  });
});
