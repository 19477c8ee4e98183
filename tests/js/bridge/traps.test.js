// A trap, of whatever kind, ends its instance, and everybody is told.

import { assert, compileProgram, describe, it, load, reasonOf, settle, thrownBy } from '../harness/index.js';

/** traps.c, loaded, with an import that never answers and remembers the signals that it was given. */
async function loadTraps() {
  /** @type {AbortSignal[]} */
  const signals = [];
  const wait = (/** @type {import('../../../js/index.js').ImportContext} */ { signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  /** @type {unknown[]} */
  const told = [];
  const module = await compileProgram('traps.c', [], 8 << 20);
  const app = await load(module, {
    clock: 'virtual',
    imports: { host: { wait } },
    stderr: () => {},
    onUnhandled: (error) => told.push(error),
  });
  return { app, signals, told };
}

const trapped = { name: 'TrapError', code: 'GREENLET_ETRAP', message: /^the module trapped in 'culprit': ./ };
const overflown = { name: 'StackOverflowError', code: 'GREENLET_EOVERFLOW' };
const itsOwn = /^stack overflow in 'culprit': its stack has 327(68|76) bytes, it needed 3[23]\d\d\d$/;
const theEngine = /^stack overflow in 'culprit': its frames exhausted the engine's own stack$/;

const kinds = {
  call_abort: trapped,
  unreachable: trapped,
  out_of_bounds: trapped,
  divide_by_zero: trapped,
  call_by_wrong_signature: trapped,
  overflow_its_stack: { ...overflown, message: itsOwn },
  overflow_the_engine: { ...overflown, message: theEngine },
};

/** @param {any} error @param {{ name: string, code: string, message: RegExp }} expected */
function checkError(error, { name, code, message }) {
  assert.deepEqual([error.name, error.code], [name, code]);
  assert.match(error.message, message);
}

/** That nothing can be called any more. @param {import('../../../js/index.js').App} app @param {unknown} error */
async function checkRefusals(app, error) {
  for (const call of [() => app.spawn('sleep_long'), () => app.callSync('sleep_long'), () => app.waiting()]) {
    assert.equal(thrownBy(call), error);
  }
  for (const promise of [app.call('sleep_long'), app.drain(), app.run()]) {
    assert.equal(await reasonOf(promise), error);
  }
  app.dispose();
}

describe('a trap', () => {
  for (const [kind, expected] of Object.entries(kinds)) {
    it(`ends the instance: ${kind}`, async () => {
      const { app, signals, told } = await loadTraps();
      const bystanders = ['wait_for_host', 'sleep_long'].map((name) => app.spawn(name));
      await settle();
      const culprit = app.spawn(kind, { name: 'culprit' });
      const drained = reasonOf(app.drain());
      /** @type {string[]} */
      const order = [];
      for (const task of [...bystanders, culprit]) task.catch(() => order.push(task.name));
      const error = await reasonOf(culprit);
      checkError(error, expected);
      assert.equal(error.greenlet, 'culprit');
      assert.equal(await drained, error);
      for (const task of bystanders) assert.equal(await reasonOf(task), error);
      assert.deepEqual(order, ['culprit', 'wait_for_host', 'sleep_long']);
      assert.deepEqual([signals[0].aborted, signals[0].reason], [true, error]);
      assert.deepEqual(told, []);
      await checkRefusals(app, error);
    });
  }

  it('in a synchronous call is thrown, and rejects the others', async () => {
    const { app } = await loadTraps();
    const task = app.spawn('sleep_long');
    await settle();
    const error = thrownBy(() => app.callSync('unreachable'));
    assert.equal(error.code, 'GREENLET_ETRAP');
    assert.equal(await reasonOf(task), error);
    await checkRefusals(app, error);
  });

  it('in one instance leaves others of the same module alone', async () => {
    const [{ app }, { app: other }] = [await loadTraps(), await loadTraps()];
    const task = other.spawn('sleep_long');
    await reasonOf(app.spawn('unreachable'));
    await task;
    await other.drain();
  });
});

describe('memory that cannot grow', () => {
  it('is no trap: C gets no memory, calls are refused by name, and the others go on', async () => {
    const { app } = await loadTraps();
    const bystander = app.spawn('wait_for_host');
    await settle();
    assert.ok((await app.call('take_all_memory')) > 1);
    const error = await reasonOf(app.call('sleep_long', { stack: 1 << 20 }));
    assert.equal(error.code, 'GREENLET_ENOMEM');
    assert.equal(bystander.status, 'pending');
    bystander.kill('enough');
    assert.equal(await reasonOf(bystander), 'enough');
  });
});
