import { parseArgs } from 'node:util';
import { flagLength } from '../build/flags.js';

/** A command line that was not understood. */
export class UsageError extends Error {}

/**
 * @typedef {object} CommandLine
 * @property {string[]} files
 * @property {string[]} flags compiler-style flags, as given
 * @property {Record<string, string | string[] | boolean | undefined>} options by their long names
 * @property {string[]} rest what follows the file, for a command that runs one
 *
 * @typedef {Record<string, { type: 'string' | 'boolean', multiple?: boolean }>} OptionTypes
 */

/**
 * Two styles meet here: long options are ours, and whatever begins with one dash is the compiler's, except -o.
 * @param {readonly string[]} argv
 * @param {OptionTypes} types
 * @param {{ stopAtFile?: boolean }} [how] whether what follows the first file is somebody else's
 * @returns {CommandLine}
 */
export function readCommandLine(argv, types, { stopAtFile = false } = {}) {
  const line = { files: /** @type {string[]} */ ([]), flags: /** @type {string[]} */ ([]) };
  const ours = [];
  let at = 0;
  while (at < argv.length && !(stopAtFile && line.files.length)) {
    const length = argumentLength(argv[at], types);
    const argument = argv.slice(at, (at += length));
    if (argument.length < length) throw new UsageError(`${argument[0]} needs a value after it`);
    if (/^--./.test(argument[0])) ours.push(...argument);
    else if (argument[0].startsWith('-o')) ours.push(`--output=${argument[1] ?? argument[0].slice(2)}`);
    else if (/^-./.test(argument[0])) line.flags.push(...argument);
    else line.files.push(argument[0]);
  }
  return { ...line, options: readOptions(ours, types), rest: argv.slice(at) };
}

/**
 * @param {string} first
 * @param {OptionTypes} types
 */
function argumentLength(first, types) {
  if (!first.startsWith('--')) return flagLength(first);
  const type = types[first.slice(2)]?.type;
  return type === 'string' ? 2 : 1;
}

/**
 * @param {string[]} args
 * @param {OptionTypes} types
 */
function readOptions(args, types) {
  try {
    const { values } = parseArgs({ args, options: types, strict: true });
    return /** @type {CommandLine['options']} */ (values);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    throw new UsageError(message.split('. ', 1)[0]);
  }
}

/**
 * A number of bytes such as 65536, 64K or 1M.
 * @param {string | string[] | boolean | undefined} text
 * @param {string} option what to name if it is none
 */
export function readSize(text, option) {
  if (text === undefined) return undefined;
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/i.exec(String(text)) ?? [];
  if (!digits) throw new UsageError(`--${option} takes a size such as 65536, 64K or 1M, not '${text}'`);
  const size = Number(digits) * 1024 ** ' KMG'.indexOf(unit.toUpperCase() || ' ');
  if (size >= 2 ** 32) throw new UsageError(`--${option}: ${text} is more than a module's memory can have`);
  return size;
}
