// Runs the tests of a compiled conformance program, each in an instance of its own.
//
//   node tests/conformance/run.js MODULE.wasm [NAME…]

import { readFileSync } from 'node:fs';
import process from 'node:process';
import { load } from '../../js/index.js';

const [file, ...chosen] = process.argv.slice(2);
const module = await WebAssembly.compile(readFileSync(file));

/**
 * @param {string} argument
 * @returns {Promise<string>} what it printed
 */
async function runProgram(argument) {
  const decoder = new TextDecoder();
  let text = '';
  const write = (/** @type {Uint8Array} */ bytes) => {
    text += decoder.decode(bytes, { stream: true });
  };
  const options = { args: ['conformance', argument], stdout: write, stderr: write, isCommand: true };
  try {
    const app = await load(module, options);
    app.exit(await app.run());
  } catch (error) {
    text += `# ${error}\n`;
  }
  return text;
}

const names = chosen.length ? chosen : (await runProgram('--list')).trim().split('\n');
for (const name of names) {
  const text = await runProgram(name);
  const hasEnded = text.split('\n').some((line) => line === `ok ${name}` || line === `not ok ${name}`);
  process.stdout.write(hasEnded ? text : `${text}not ok ${name}\n`);
  if (!text.endsWith(`ok ${name}\n`) || text.includes('not ok ')) process.exitCode = 1;
}
process.stdout.write('', () => process.exit());
