// The one test command: node tests/run.js [--only PATTERN]
//
// Runs the suites, two at a time, and prints what became of each. With CI=true in the environment, a suite that was
// skipped is a failure.

import process from 'node:process';
import { parseArgs } from 'node:util';
import { benchSuites } from './suites/bench.js';
import { bridgeSuites } from './suites/bridge.js';
import { bundleSuites } from './suites/bundles.js';
import { checkSuites } from './suites/checks.js';
import { cmakeSuites } from './suites/cmake.js';
import { corpusSuites } from './suites/corpus.js';
import { endingSuites } from './suites/endings.js';
import { faultSuites } from './suites/faults.js';
import { fuzzSuites } from './suites/fuzz.js';
import { goldenSuites } from './suites/golden.js';
import { javascriptSuites } from './suites/javascript.js';
import { luaSuites } from './suites/lua.js';
import { nativeSuites } from './suites/native.js';
import { patchSuites } from './suites/patch.js';
import { playgroundSuites } from './suites/playground.js';
import { protectionSuites } from './suites/protection.js';
import { pthreadSuites } from './suites/pthread.js';
import { runSuites } from './suites/runner.js';
import { scheduleSuites } from './suites/schedules.js';
import { sizeSuites } from './suites/size.js';
import { printParts, printTable } from './suites/table.js';
import { wasmSuites } from './suites/wasm.js';

/** @import { Row } from './suites/runner.js' */

const everySuite = [
  ...checkSuites,
  ...sizeSuites,
  ...bundleSuites,
  ...benchSuites,
  ...nativeSuites,
  ...patchSuites,
  ...pthreadSuites,
  ...protectionSuites,
  ...cmakeSuites,
  ...wasmSuites,
  ...corpusSuites,
  ...faultSuites,
  ...scheduleSuites,
  ...fuzzSuites,
  ...javascriptSuites,
  ...bridgeSuites,
  ...goldenSuites,
  ...luaSuites,
  ...playgroundSuites,
  ...endingSuites,
];

/** @param {readonly Row[]} rows */
function printRows(rows) {
  const lines = rows.map(({ suite, passed, failed, skipped, note }) => [
    suite.backend === '-' ? suite.name : suite.backend,
    suite.host,
    String(passed),
    String(failed),
    note ? `${skipped}  ${note}` : String(skipped),
  ]);
  printTable([['backend', 'host', 'passed', 'failed', 'skipped'], ...lines], 2);
}

/** @param {readonly Row[]} rows @param {'passed' | 'failed' | 'skipped'} what */
function sum(rows, what) {
  return rows.reduce((total, row) => total + row[what], 0);
}

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = new RegExp(values.only ?? '', 'i');
const rows = await runSuites(everySuite.filter(({ name }) => wanted.test(name)));
const [passed, failed, skipped] = [sum(rows, 'passed'), sum(rows, 'failed'), sum(rows, 'skipped')];
console.log();
printRows(rows);
printParts(rows);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
if (failed || !passed || (skipped && process.env.CI === 'true')) process.exitCode = 1;
