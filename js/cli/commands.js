import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join, parse } from 'node:path';
import process from 'node:process';
import { declarationsOf } from '../build/declarations.js';
import { describeReport, examine } from '../build/doctor.js';
import { emscriptenFlags } from '../build/emscripten.js';
import { BuildError, build } from '../build/index.js';
import { readRecords } from '../records.js';
import { readCommandLine, readSize, UsageError } from './arguments.js';
import { findCompanion } from './companion.js';

/** @typedef {import('./arguments.js').CommandLine} CommandLine */
/** @typedef {import('./arguments.js').OptionTypes} OptionTypes */
/** @typedef {import('../build/index.js').BuildOptions} BuildOptions */

/** @type {OptionTypes} */
const moduleOptions = {
  output: { type: 'string' },
  host: { type: 'string' },
  debug: { type: 'boolean' },
  'no-patch': { type: 'boolean' },
  compat: { type: 'boolean' },
  'no-stack-check': { type: 'boolean' },
  strip: { type: 'boolean' },
  'pump-stack': { type: 'string' },
  'initial-memory': { type: 'string' },
  'max-memory': { type: 'string' },
};

/** @type {OptionTypes} */
const buildOptions = { ...moduleOptions, types: { type: 'boolean' } };

/** @type {OptionTypes} */
const runOptions = {
  ...moduleOptions,
  imports: { type: 'string' },
  dir: { type: 'string', multiple: true },
  'until-idle': { type: 'boolean' },
  virtual: { type: 'boolean' },
  'main-stack': { type: 'string' },
  stack: { type: 'string' },
};

/** @type {OptionTypes} */
const flagsOptions = {
  emscripten: { type: 'boolean' },
  compat: { type: 'boolean' },
  debug: { type: 'boolean' },
  'no-patch': { type: 'boolean' },
  'no-stack-check': { type: 'boolean' },
};

/**
 * Each takes what follows its name on the command line and gives the exit status.
 * @type {Record<string, (argv: string[]) => Promise<number>>}
 */
export const commands = {
  build: runBuild,
  run: runRun,
  types: runTypes,
  flags: runFlags,
  doctor: runDoctor,
};

/** @param {string[]} argv */
async function runBuild(argv) {
  const line = readCommandLine(argv, buildOptions);
  if (!line.files.length) throw new UsageError('build needs a source file');
  const output = stringOption(line, 'output') ?? `${nameOf(line.files[0])}.wasm`;
  const { wasm } = await build({ ...buildSettings(line), output });
  if (line.options.types) await writeTypes(wasm, output, typesFile(output));
  return 0;
}

/** @param {string[]} argv */
async function runTypes(argv) {
  const line = readCommandLine(argv, { output: { type: 'string' } });
  const [file] = line.files;
  if (!file || line.files.length > 1 || line.flags.length) throw new UsageError('types needs one .wasm file');
  await writeTypes(readModule(file), file, stringOption(line, 'output') ?? typesFile(file));
  return 0;
}

/** @param {string[]} argv */
async function runFlags(argv) {
  const { files, flags, options } = readCommandLine(argv, flagsOptions);
  if (!options.emscripten || files.length || flags.length)
    throw new UsageError('flags is for emcc: flags --emscripten, and perhaps options');
  const { debug, 'no-patch': noPatch, 'no-stack-check': noStackCheck } = options;
  const list = await emscriptenFlags({
    debug: Boolean(debug),
    compat: Boolean(options.compat),
    patch: !noPatch,
    stackCheck: !noStackCheck,
  });
  process.stdout.write(`${list.join(' ')}\n`);
  return 0;
}

/** @param {string[]} argv */
async function runRun(argv) {
  const line = readCommandLine(argv, runOptions, { stopAtFile: true });
  const [file] = line.files;
  if (!file) throw new UsageError('run needs a file: a .c, a .cpp or a .wasm');
  const settings = runSettings(line);
  const wasm = extname(file) === '.wasm' ? readModule(file) : (await build(buildSettings(line))).wasm;
  const run = (await isWasiCommand(wasm)) ? runOnWasi : runInJavaScript;
  return run(wasm, { file, line, settings });
}

/**
 * @typedef {object} Run
 * @property {string} file that the module came from
 * @property {CommandLine} line
 * @property {ReturnType<typeof runSettings>} settings
 */

/** @param {Uint8Array} wasm @param {Run} run */
async function runInJavaScript(wasm, { file, line, settings }) {
  refuseOptions(line, ['dir'], 'for JavaScript');
  const companion = await findCompanion(file, stringOption(line, 'imports'), line.rest);
  const { runCommand } = await import('../command.js');
  try {
    const args = [file, ...(companion.args ?? line.rest)];
    return await runCommand(wasm, { args, imports: companion.imports, ...settings });
  } finally {
    await companion.close?.();
  }
}

/** @param {Uint8Array} wasm @param {Run} run */
async function runOnWasi(wasm, { file, line, settings }) {
  refuseOptions(line, ['imports', 'until-idle'], 'for WASI');
  const { runWasiCommand } = await import('../wasi-command.js');
  const module = await WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
  const args = [file, ...line.rest];
  return runWasiCommand(module, { args, env: wasiEnvironment(settings), preopens: readFolders(line) });
}

/**
 * How a WASI command is told what JavaScript is given as options (wasm/command_wasi.c).
 * @param {ReturnType<typeof runSettings>} settings
 */
function wasiEnvironment({ mainStack, stack, clock }) {
  return {
    ...process.env,
    ...(mainStack === undefined ? {} : { GREENLET_MAIN_STACK: String(mainStack) }),
    ...(stack === undefined ? {} : { GREENLET_STACK: String(stack) }),
    ...(clock === 'virtual' ? { GREENLET_CLOCK: clock } : {}),
  };
}

/** @param {CommandLine} line @returns {Record<string, string>} what --dir names, by the program's names for it */
function readFolders({ options }) {
  const pairs = /** @type {string[]} */ (options.dir ?? []).map((text) => text.split('::'));
  return Object.fromEntries(pairs.map(([folder, name = folder]) => [name, folder]));
}

/** @param {CommandLine} line @param {string[]} names @param {string} kind of the module */
function refuseOptions({ options }, names, kind) {
  const given = names.find((name) => options[name] !== undefined);
  if (given) throw new UsageError(`--${given} is of no use to a module that was built ${kind}`);
}

/** @param {string[]} argv */
async function runDoctor(argv) {
  const { options } = readCommandLine(argv, { json: { type: 'boolean' } });
  const report = await examine();
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report));
  return report.missing.length ? 1 : 0;
}

/**
 * @param {Uint8Array} wasm
 * @param {string} file that it came from
 * @param {string} output
 */
async function writeTypes(wasm, file, output) {
  const text = declarationsOf(await recordsOf(wasm, file), basename(file));
  try {
    writeFileSync(output, text);
  } catch (error) {
    throw new BuildError('ESOURCE', `cannot write ${output}: ${/** @type {Error} */ (error).message}`);
  }
}

/** @param {Uint8Array} wasm @param {string} file that it came from */
async function recordsOf(wasm, file) {
  try {
    return readRecords(await WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm)));
  } catch (error) {
    throw new BuildError('ESOURCE', `${file}: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * What is no module at all is told so by whoever loads it.
 * @param {Uint8Array} wasm
 */
async function isWasiCommand(wasm) {
  const { build } = await recordsOf(wasm, '').catch(() => ({ build: undefined }));
  return build?.host === 'wasi';
}

/** @param {CommandLine} line */
function buildSettings({ files, flags, options }) {
  return {
    sources: files,
    flags: options.debug ? [...flags, '-g'] : flags,
    host: /** @type {BuildOptions['host']} */ (options.host),
    patch: !options['no-patch'],
    compat: Boolean(options.compat),
    stackCheck: !options['no-stack-check'],
    strip: Boolean(options.strip),
    pumpStack: readSize(options['pump-stack'], 'pump-stack'),
    initialMemory: readSize(options['initial-memory'], 'initial-memory'),
    maxMemory: readSize(options['max-memory'], 'max-memory'),
  };
}

/** @param {CommandLine} line */
function runSettings({ options }) {
  return {
    untilIdle: Boolean(options['until-idle']),
    clock: /** @type {'real' | 'virtual'} */ (options.virtual ? 'virtual' : 'real'),
    mainStack: readSize(options['main-stack'], 'main-stack'),
    stack: readSize(options.stack, 'stack'),
  };
}

/** @param {CommandLine} line @param {string} name */
function stringOption({ options }, name) {
  return options[name] === undefined ? undefined : String(options[name]);
}

/** @param {string} file */
function readModule(file) {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    throw new UsageError(`there is no file ${file}`);
  }
}

/** @param {string} file */
function nameOf(file) {
  return basename(file, extname(file));
}

/** @param {string} module its file */
function typesFile(module) {
  const { dir, name } = parse(module);
  return join(dir, `${name}.d.ts`);
}
