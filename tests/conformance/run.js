// Runs the tests of a compiled conformance program, each in an instance of its own.
//
//   node tests/conformance/run.js MODULE [NAME…]
//
// MODULE is a .wasm, or the .js that Emscripten has written beside one.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { readRecords } from '../../js/records.js';
import { readFactory } from '../emscripten/factory.js';
import { runCommand } from './command.js';
import { runEmscripten } from './emscripten.js';
import { runProgram } from './program.js';

const [file, ...chosen] = process.argv.slice(2);

/** @returns {Promise<(argument: string) => Promise<string>>} how a test of it is run */
async function findRunner() {
  if (file.endsWith('.js')) {
    const { make } = await readFactory(resolve(file));
    return (argument) => runEmscripten(make, argument);
  }
  const module = await WebAssembly.compile(readFileSync(file));
  const runModule = readRecords(module).build.host === 'wasi' ? runCommand : runProgram;
  return (argument) => runModule(module, argument);
}

const run = await findRunner();
const names = chosen.length ? chosen : (await run('--list')).trim().split('\n');
for (const name of names) {
  const text = await run(name);
  const hasEnded = text.split('\n').some((line) => line === `ok ${name}` || line === `not ok ${name}`);
  process.stdout.write(hasEnded ? text : `${text}not ok ${name}\n`);
  if (!text.endsWith(`ok ${name}\n`) || text.includes('not ok ')) process.exitCode = 1;
}
process.stdout.write('', () => process.exit());
