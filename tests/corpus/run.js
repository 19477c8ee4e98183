// Runs the programs of a file on every backend and host that this machine has.
//
//   node tests/corpus/run.js greenlet [FILE]

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { corpora, runCorpus } from '../suites/corpus.js';
import { hosts } from '../suites/hosts.js';

/** @import { Host } from '../suites/hosts.js' */

/** @param {string} message @returns {never} */
function refuse(message) {
  console.error(`${message}\nusage: ./build.sh corpus greenlet [FILE]`);
  process.exit(2);
}

/** @param {string} file */
function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return refuse(`there is no file ${file}`);
  }
}

/** @param {Host} host @param {string} text */
async function report(host, text) {
  const label = `${host.backend.padEnd(8)}  ${host.name.padEnd(16)}`;
  const reason = host.missing();
  if (reason) return console.log(`${label}  skipped: ${reason}`);
  const { passed, failed, output } = await runCorpus('greenlet', host, text);
  console.log(`${label}  ${passed} passed, ${failed} failed`);
  process.stdout.write(output);
  if (failed || !passed) process.exitCode = 1;
}

const [layer, file = corpora.greenlet.file] = process.argv.slice(2);
if (layer !== 'greenlet') refuse(layer ? `no programs of '${layer}'` : 'programs of which layer?');
const text = readText(file);
for (const host of hosts) await report(host, text);
