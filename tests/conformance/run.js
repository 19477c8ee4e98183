// Runs the tests of a compiled conformance program, each in an instance of its own.
//
//   node tests/conformance/run.js MODULE.wasm [NAME…]

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { readRecords } from '../../js/records.js';
import { runCommand } from './command.js';
import { runProgram } from './program.js';

const [file, ...chosen] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(file));
const run = readRecords(module).build.host === 'wasi' ? runCommand : runProgram;
const names = chosen.length ? chosen : (await run(module, '--list')).trim().split('\n');
for (const name of names) {
  const text = await run(module, name);
  const hasEnded = text.split('\n').some((line) => line === `ok ${name}` || line === `not ok ${name}`);
  process.stdout.write(hasEnded ? text : `${text}not ok ${name}\n`);
  if (!text.endsWith(`ok ${name}\n`) || text.includes('not ok ')) process.exitCode = 1;
}
process.stdout.write('', () => process.exit());
