#!/usr/bin/env node
import process from 'node:process';
import { BuildError } from './build/errors.js';
import { UsageError } from './cli/arguments.js';
import { commands } from './cli/commands.js';
import { help, version } from './cli/help.js';

/** Exit statuses: 1, the program does not build or run; 2, the command was not understood. */
const failure = 1;
const misuse = 2;

/** @param {string[]} argv */
async function main([name = '--help', ...argv]) {
  if (name === '--help' || name === '-h' || name === 'help') return print(help);
  if (name === '--version' || name === '-v') return print(`${version}\n`);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    throw new UsageError(`there is no command '${name}'; there are ${Object.keys(commands).join(', ')}`);
  return command(argv);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(text);
  return 0;
}

/**
 * @param {unknown} error
 * @returns {number} the exit status
 */
function complain(error) {
  const isOurs = error instanceof UsageError || error instanceof BuildError;
  const text = isOurs ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`greenlet-wasm: ${text}\n`);
  if (!(error instanceof UsageError)) return failure;
  process.stderr.write("Try 'greenlet-wasm --help'.\n");
  return misuse;
}

const status = await main(process.argv.slice(2)).catch(complain);
// A program ends when its main does, whatever its imports have left behind.
process.stdout.write('', () => process.stderr.write('', () => process.exit(status)));
