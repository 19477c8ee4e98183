// Runs one file of tests where there is no node:test: as `entry.js FILE` in Deno and Bun, as `entry.js?file=FILE` in a
// page or a worker, from where the outcomes go to the server.

import { host } from './host.js';
import { runTests } from './runner.js';

const parameters = new URL(import.meta.url).searchParams;

/** @param {string} text */
async function post(text) {
  await fetch(`/report?run=${parameters.get('run')}`, { method: 'POST', body: text });
}

/** @param {any} event of an error that nobody has caught */
function postFailure({ error, reason, message }) {
  const failure = error ?? reason;
  return post(`not ok 0 - nobody caught ${failure?.stack ?? failure ?? message}`);
}

const report = host.isBrowser ? post : console.log;
const file = host.isBrowser ? parameters.get('file') : process.argv[2];
if (host.isBrowser) {
  addEventListener('error', postFailure);
  addEventListener('unhandledrejection', postFailure);
}
try {
  await import(/** @type {string} */ (file));
  await runTests(report);
} catch (error) {
  await report(`not ok 0 - ${file}\n  # ${error}\n1..0`);
}
