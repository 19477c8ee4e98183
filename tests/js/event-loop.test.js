// What keeps Node's event loop alive, and what does not: each in a process of its own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

describe("Node's event loop", () => {
  const program = new URL('./program.js', import.meta.url).href;
  const index = new URL('../../js/index.js', import.meta.url).href;

  /** @param {string} text of a module @returns {string} what it writes until it ends by itself */
  const run = (text) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', text], { encoding: 'utf8' });

  it('is not kept alive by what is idle, parked for good, killed or disposed of', () => {
    const output = run(`
      import { loadComplaints } from '${program}';
      const imports = { wait_for: () => new Promise(() => {}) };
      const { app } = await loadComplaints(imports, { clock: 'real', onUnhandled: () => {} });
      app.spawn('wait_at_door', 1);
      app.spawn('job', 1);
      app.spawn('sleep_days', 1).kill();
      const { app: other } = await loadComplaints(imports, { clock: 'real', onUnhandled: () => {} });
      other.spawn('sleep_days', 1);
      setTimeout(() => other.dispose());
      process.on('exit', () => console.log('ended'));
    `);
    assert.equal(output, 'ended\n');
  });

  it('when it is empty, fails with the reason whoever waits for ever, and main()', () => {
    const output = run(`
      import { loadComplaints } from '${program}';
      const { app } = await loadComplaints({ wait_for: () => new Promise(() => {}) }, { clock: 'real' });
      const porter = app.spawn('wait_at_door', 1, { name: 'porter' });
      const job = app.spawn('job', 1);
      app.drain().catch((error) => console.log('drain', error.name));
      for (const task of [porter, job]) task.catch((error) => console.log(task.name, error.name, error.message));
      await app.run();
      console.log('main has ended');
      process.once('beforeExit', () => console.log(porter.status, job.status));
    `);
    const [main, statuses, ...failures] = output.trim().split('\n');
    assert.equal(main, 'main has ended');
    assert.equal(statuses, 'failed failed');
    const [porter, job, drain] = failures;
    assert.equal(drain, 'drain LoopExitError');
    assert.match(
      porter,
      /^porter LoopExitError nothing is left that could wake anybody: porter waits in event/,
    );
    assert.match(job, /^job LoopExitError .*job waits in host\.wait_for/);
  });

  it('when it is empty, fails the promise of a main() that waits for ever', () => {
    const output = run(`
      import { loadComplaints } from '${program}';
      const { app } = await loadComplaints({ who_later: () => new Promise(() => {}) }, { clock: 'real' });
      app.run().catch((error) => console.log(error.name));
    `);
    assert.equal(output, 'LoopExitError\n');
  });

  it('is not kept alive by a timer that is not to be counted, which ticks for as long as it is', () => {
    const output = run(`
      import { load } from '${index}';
      import { compileProgram } from '${program}';
      let ticks = 0;
      const isOther = setInterval(() => {}, 1000);
      const tick = () => {
        if (++ticks === 3) clearInterval(isOther);
      };
      const wait = () => new Promise(() => {});
      const app = await load(await compileProgram('watcher.c'), { imports: { host: { tick, wait } } });
      await app.call('watch', 0.001);
      await app.drain();
      app.spawn('wait_for_host').catch((error) => console.log(error.name));
      process.on('exit', () => console.log(ticks >= 3));
    `);
    assert.equal(output, 'LoopExitError\ntrue\n');
  });

  it('is kept alive by a sleep, which is work', () => {
    const output = run(`
      import { loadComplaints } from '${program}';
      const { app } = await loadComplaints({ note: (text) => console.log(text) }, { clock: 'real' });
      app.spawn('sleep_days', 1e-7);
    `);
    assert.equal(output, 'awake\n');
  });
});
