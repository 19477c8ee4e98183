// The event loop gets its turn: the hub's turns end at their slices, and timers may fire late or early.

import { fakeTime, recordTurns } from '../harness/fakes.js';
import {
  assert,
  compileProgram,
  describe,
  host,
  it,
  load,
  reasonOf,
  settle,
  thrownBy,
} from '../harness/index.js';
import { loadBridge } from '../program.js';

// Before parts of the host are replaced.
const busy = await compileProgram('busy.c');
await compileProgram('bridge.c');

/** @param {() => void} work @param {import('../../../js/index.js').AppOptions & import('../../../js/index.js').WasiOptions} [options] */
async function loadBusy(work, options) {
  return load(busy, { ...options, imports: { host: { work } } });
}

/** What is written to it, as text. */
function makeSink() {
  const decoder = new TextDecoder();
  const sink = {
    text: '',
    write: (/** @type {Uint8Array} */ bytes) => void (sink.text += decoder.decode(bytes)),
  };
  return sink;
}

/** @param {{ start: number, end: number }} turn */
const lengthOf = ({ start, end }) => end - start;

describe('a turn of the hub', () => {
  const STEP = 0.01;

  for (const [name, tasks, times, step] of /** @type {[string, number, number, number][]} */ ([
    ['of many who compute long', 100, 1000, STEP],
    ['of a thousand who compute a little', 1000, 10, STEP],
    ['of many whose every step is long', 100, 10, 1],
  ])) {
    it(`ends at its slice: ${name}`, async (t) => {
      const time = fakeTime(t);
      const turns = recordTurns(t);
      const app = await loadBusy(() => time.advance(step), { slice: 8 });
      let rounds = 0;
      const all = Promise.all(Array.from({ length: tasks }, () => app.spawn('compute', times)));
      const finished = all.then(() => true);
      while (!(await Promise.race([finished, settle()]))) rounds++;
      const whole = turns.filter(({ isLast }) => !isLast);
      assert.ok(whole.length >= (tasks * times * step) / 10, `${whole.length} turns`);
      const late = whole.filter((turn) => lengthOf(turn) > 8 + 2 * Math.max(step, 1));
      assert.deepEqual(late, []);
      assert.deepEqual(
        whole.filter((turn) => lengthOf(turn) < 8 - 1e-6),
        [],
      );
      assert.ok(
        rounds >= whole.length - 1,
        `the event loop came round ${rounds} times in ${whole.length} turns`,
      );
    });
  }

  it('ends at the slice that load was given', async (t) => {
    const time = fakeTime(t);
    const turns = recordTurns(t);
    const app = await loadBusy(() => time.advance(STEP), { slice: 2 });
    await Promise.all(Array.from({ length: 10 }, () => app.spawn('compute', 1000)));
    const whole = turns.filter(({ isLast }) => !isLast);
    assert.ok(whole.length >= 40);
    assert.deepEqual(
      whole.filter((turn) => lengthOf(turn) > 3),
      [],
    );
  });

  it('cannot be ended of a synchronous call, which goes on', async (t) => {
    const time = fakeTime(t);
    const app = await loadBusy(() => time.advance(STEP));
    app.callSync('compute', 10_000);
    assert.equal(thrownBy(() => app.callSync('sleep_for', 1)).code, 'GREENLET_EWOULDBLOCK');
  });

  it('is named by the report of hogs if one in it never yields', async (t) => {
    const time = fakeTime(t);
    const stderr = makeSink();
    const app = await loadBusy(() => time.advance(STEP), { stderr: stderr.write });
    app.callSync('report_hogs', 0.05);
    await Promise.all([app.spawn('compute', 10_000), app.spawn('hog', 10_000, { name: 'render' })]);
    assert.equal(stderr.text, 'gevent: render ran for 0.100 s without going back to the hub\n');
  });
});

describe('timers of the host', () => {
  it('may fire late, as in the background: deadlines are kept in their order', async (t) => {
    const time = fakeTime(t);
    const { app, notes } = await loadBridge({ clock: 'real' });
    const tasks = [3, 1, 2].map((seconds) => app.spawn('sleeper', seconds, `${seconds} s`));
    const late = reasonOf(app.spawn('sleeper', 9, 'late', { timeout: 2500 }));
    await settle();
    time.pass(60_000);
    await Promise.all(tasks);
    assert.equal((await late).code, 'GREENLET_EEXPIRED');
    assert.deepEqual(notes, ['1 s', '2 s', 'late cleans up', '3 s']);
  });

  it('may fire early: then there is another', async (t) => {
    const time = fakeTime(t);
    const { app, notes } = await loadBridge({ clock: 'real' });
    const task = app.spawn('sleeper', 1, 's');
    await settle();
    time.advance(999.5);
    time.fireEarly();
    await settle();
    assert.equal(task.status, 'pending');
    time.pass(1);
    await task;
    assert.deepEqual(notes, ['s']);
  });
});

describe('a page', { skip: !host.isPage && 'no page' }, () => {
  /** Works until the clock, which may have but milliseconds, has gone on. */
  const work = () => {
    for (const start = performance.now(); performance.now() === start; );
  };

  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  it('animates while a thousand greenlets compute, for as long as they do', async (t) => {
    const turns = recordTurns(t);
    const app = await loadBusy(work);
    const tasks = Array.from({ length: 1000 }, () => app.spawn('compute', 1e9));
    const turnsAtFrames = [];
    for (let frame = 0; frame < 20; frame++) {
      await nextFrame();
      turnsAtFrames.push(turns.length);
    }
    assert.ok(tasks.every(({ status }) => status === 'pending'));
    assert.ok(new Set(turnsAtFrames).size > 10, `turns so far at each frame: ${turnsAtFrames}`);
    assert.deepEqual(
      turns.filter((turn) => lengthOf(turn) < 7), // by a clock of milliseconds
      [],
    );
    app.dispose();
    for (const task of tasks) assert.equal((await reasonOf(task)).name, 'KilledError');
  });

  it('has no frame while a greenlet computes that never yields, which is named', async () => {
    const stderr = makeSink();
    const app = await loadBusy(work, { stderr: stderr.write });
    app.callSync('report_hogs', 0.01);
    await nextFrame();
    let frames = 0;
    requestAnimationFrame(() => frames++);
    const framesAtEnd = app.spawn('hog', 1000, { name: 'render' }).then(() => frames);
    assert.equal(await framesAtEnd, 0);
    assert.match(stderr.text, /^gevent: render ran for \d+\.\d{3} s without going back to the hub\n$/);
  });
});
