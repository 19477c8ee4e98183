// What keeps Node's event loop alive, and what does not: each in a process of its own.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';

describe("Node's event loop", () => {
  const program = new URL('./program.js', import.meta.url).href;

  /** @param {string} text of a module @returns {string} what it writes until it ends by itself */
  const run = (text) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', text], {
      encoding: 'utf8',
      timeout: 20_000,
    });

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

  it('is kept alive by a sleep, which is work', () => {
    const output = run(`
      import { loadComplaints } from '${program}';
      const { app } = await loadComplaints({ note: (text) => console.log(text) }, { clock: 'real' });
      app.spawn('sleep_days', 1e-7);
    `);
    assert.equal(output, 'awake\n');
  });
});
