import process from 'node:process';
import { commandSuite } from './suite.js';

/** The benchmarks, with counts too small for figures: whether they run, and what they report. */
export const benchSuites = [
  commandSuite('bench', () => [process.execPath, '--test', 'tests/bench/bench.test.js']),
];
