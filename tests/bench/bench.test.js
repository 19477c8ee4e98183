// The benchmarks, with counts so small that their figures mean nothing: do they run, and report what they should?

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, describe, it } from 'node:test';

import { engines } from '../suites/engines.js';
import { run } from '../suites/process.js';
import { Bench } from './bench.js';
import { findMeasured, goals, judge } from './goals.js';
import { renderPage } from './page.js';
import { drawPlot } from './plot.js';
import { drawPlots } from './plots.js';
import { formatValue } from './table.js';

/** @import { Measurement } from './bench.js' */

const folder = mkdtempSync(join(tmpdir(), 'greenlet-wasm-bench-test-'));
after(() => rmSync(folder, { recursive: true }));

/** @param {readonly number[]} figures */
const givingInTurn = (figures) => {
  const left = [...figures];
  return () => left.shift() ?? Number.NaN;
};

describe('a race', () => {
  const measured = { bench: 'race', n: 1, unit: 'm' };

  it('reports medians, and of each peer how much of its figure ours is within a round', async () => {
    const bench = new Bench(false, () => {});
    const ours = { system: 'ours', run: givingInTurn([99, 1, 2, 6]) };
    const theirs = { system: 'theirs', run: givingInTurn([99, 10, 4, 6]) };
    await bench.race(measured, [ours, theirs], 3);
    assert.deepEqual(bench.measurements, [
      { ...measured, system: 'ours', value: 2 },
      { ...measured, system: 'theirs', value: 6, ratio: 0.5 },
    ]);
  });

  it('reports no ratio to what took too little to be seen', async () => {
    const bench = new Bench(true, () => {});
    await bench.race(measured, [
      { system: 'ours', run: () => 1 },
      { system: 'theirs', run: () => 0 },
    ]);
    assert.deepEqual(bench.measurements.at(-1), { ...measured, system: 'theirs', value: 0 });
  });

  it('leaves out who is missing, and says why', async () => {
    const bench = new Bench(true, () => {});
    const missing = { system: 'nobody', missing: 'not installed', run: () => assert.fail() };
    await bench.race(measured, [missing, { system: 'theirs', run: () => 1 }]);
    assert.deepEqual(bench.measurements, [{ ...measured, system: 'theirs', value: 1 }]);
    assert.deepEqual([...bench.absent], [['nobody', 'not installed']]);
  });
});

describe('a goal', () => {
  const goal = { bench: 'race', system: 'theirs', depth: 8, atMost: 0.5 };
  const measured = { bench: 'race', system: 'theirs', depth: 8, n: 1, value: 10, unit: 'm' };

  it('is met by at most what it allows, and missed by how much that is exceeded', () => {
    assert.equal(judge(goal, { ...measured, ratio: 0.5 }).verdict, 'met');
    assert.equal(judge(goal, { ...measured, ratio: 0.6 }).verdict, 'missed: 1.2 times as much');
    assert.equal(judge(goal, undefined).verdict, 'not measured');
  });

  it('finds what was measured at its depth', () => {
    const others = [1, 32].map((depth) => ({ ...measured, depth }));
    assert.equal(findMeasured(goal, [...others, measured]), measured);
    assert.equal(findMeasured(goal, others), undefined);
  });
});

describe('a figure', () => {
  it('has three digits that count', () => {
    assert.deepEqual([0.01234, 1.234, 12.34, 1234, 0].map(formatValue), [
      '0.012',
      '1.23',
      '12.3',
      '1,234',
      '0',
    ]);
  });
});

describe('a plot', () => {
  it('draws a line for each series, and escapes what is not its own', () => {
    /** @type {[number, number][]} */
    const points = [
      [1, 20],
      [8, 90],
    ];
    const series = ['a', 'b<c'].map((name) => ({ name, points }));
    const svg = drawPlot({ title: 'A & B', xLabel: 'x', yLabel: 'y', series });
    assert.equal(svg.match(/<polyline/g)?.length, 2);
    assert.ok(svg.includes('A &amp; B') && svg.includes('b&lt;c'));
    assert.ok(!svg.includes('NaN'));
  });
});

describe('the command', () => {
  const script = [process.execPath, 'tests/bench/run.js'];

  it('makes no page of figures that mean nothing, or are not all', async () => {
    for (const option of [['--quick'], ['--only', 'size']]) {
      const { ok, output } = await run([...script, '--page', ...option]);
      assert.ok(!ok && output.startsWith('bench: --page is of a whole run'), output);
    }
  });

  it('says which benches there are if none is meant', async () => {
    const { ok, output } = await run([...script, '--only', 'nothing']);
    assert.ok(!ok && /^bench: none has 'nothing' in its name: .*switch\.bench\.js/.test(output), output);
  });
});

/** @param {Measurement} measurement */
function checkForm({ bench, system, depth, n, value, unit, ratio, ...rest }) {
  const name = `${bench} of ${system}`;
  for (const text of [bench, system, unit]) assert.ok(text && typeof text === 'string', name);
  assert.ok(depth === undefined || (Number.isInteger(depth) && depth > 0), name);
  assert.ok(Number.isInteger(n) && n > 0, name);
  assert.ok(Number.isFinite(value) && value >= 0, `${name}: ${value}`);
  assert.ok(ratio === undefined || (typeof ratio === 'number' && ratio >= 0), `${name}: ${ratio}`);
  assert.deepEqual(rest, {}, name);
}

describe('a quick run', () => {
  const newest = engines.findLast(({ missing }) => !missing()) ?? engines[0];
  const json = join(folder, 'quick.json');
  const plots = join(folder, 'plots');
  const script = ['tests/bench/run.js', '--quick', '--json', json];
  const read = () => /** @type {Measurement[]} */ (JSON.parse(readFileSync(json, 'utf8')));

  it('of one file works in the Node of the tests', async () => {
    const { ok, output } = await run([process.execPath, ...script, '--only', 'await']);
    assert.ok(ok, output);
    assert.ok(read().length > 3 && read().every(({ bench }) => bench === 'await'));
  });

  it(`measures everything that the goals are about, in ${newest.name}`, async () => {
    const { ok, stdout, output } = await run([newest.program, ...script, '--plots', plots]);
    assert.ok(ok, output);
    const measurements = read();
    measurements.forEach(checkForm);
    const absent = [...stdout.matchAll(/^left out: (.*?): /gm)].map(([, system]) => system);
    for (const goal of goals.filter(({ system }) => !absent.includes(system)))
      assert.ok(findMeasured({ ...goal, n: undefined }, measurements), JSON.stringify(goal));
  });

  it('draws its plots, and a page with lines that are short', () => {
    const measurements = read();
    const drawn = drawPlots(measurements);
    assert.equal(drawn.size, 4);
    assert.deepEqual(readdirSync(plots).sort(), [...drawn.keys()].sort());
    const machine = { date: '2026-01-01', cpu: 'any', memory: '1 GiB', engine: 'any', compiler: 'any' };
    const page = renderPage({ measurements, absent: new Map([['nobody', 'not here']]), machine }, drawn);
    for (const line of page.split('\n')) assert.ok(line.length <= 120 || line.startsWith('|'), line);
    for (const file of drawn.keys()) assert.ok(page.includes(`(performance/${file})`));
    assert.ok(page.includes('- nobody: not here'));
  });
});
