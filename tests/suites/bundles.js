import process from 'node:process';
import { browsers } from './engines.js';
import { missingBrowser } from './pages.js';
import { commandSuite } from './suite.js';

const [chromium] = browsers;

/** The package in pages that Vite, esbuild and nobody has bundled. */
export const bundleSuites = [
  commandSuite(
    'bundles in Chromium',
    () => [process.execPath, '--test', 'tests/bundles/bundles.test.js'],
    () => missingBrowser(chromium),
  ),
];
