// Runs the programs of a file on every backend and host that this machine has.
//
//   node tests/corpus/run.js greenlet | gevent [FILE]

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { corpora, runCorpus } from '../suites/corpus.js';
import { hosts } from '../suites/hosts.js';

/** @import { Layer } from '../suites/corpus.js' */
/** @import { Host } from '../suites/hosts.js' */

/** @param {string} message @returns {never} */
function refuse(message) {
  console.error(`${message}\nusage: ./build.sh corpus greenlet | gevent [FILE]`);
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

/** @param {Layer} layer @param {Host} host @param {string} text */
async function report(layer, host, text) {
  const label = `${host.backend.padEnd(8)}  ${host.name.padEnd(16)}`;
  const reason = host.missing();
  if (reason) return console.log(`${label}  skipped: ${reason}`);
  const { passed, failed, output } = await runCorpus(layer, host, text);
  console.log(`${label}  ${passed} passed, ${failed} failed`);
  process.stdout.write(output);
  if (failed || !passed) process.exitCode = 1;
}

/** @param {string} [name] @returns {Layer} */
function layerOf(name) {
  if (name === 'greenlet' || name === 'gevent') return name;
  return refuse(name ? `no programs of '${name}'` : 'programs of which layer?');
}

const [name, path] = process.argv.slice(2);
const layer = layerOf(name);
const text = readText(path ?? corpora[layer]);
for (const host of hosts) await report(layer, host, text);
