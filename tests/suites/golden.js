import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { librarySources, sourcesIn } from './builds.js';
import { engines } from './engines.js';
import { patchSources } from './patch.js';
import { missingPrograms, root, run } from './process.js';
import { once, runAll } from './suite.js';

/** @import { Suite } from './suite.js' */
/** @import { Engine } from './engines.js' */

/**
 * A program whose output is known: examples/NAME.c with NAME.out, or with one in a folder of its name, and perhaps
 * with NAME.in for its input. One with NAME.err says that on stderr, and ends with status 1. One with NAME.signal gets
 * that signal once it has said something.
 * @typedef {object} Example
 * @property {string} name
 * @property {string} source
 * @property {string} expected
 * @property {string} [input]
 * @property {string} [complaint]
 * @property {string} [signal]
 */

const folders = ['', 'compat/', 'lessons/'];

/** What differs each time, and what stands for it in NAME.out. */
const differing = /** @type {const} */ ([
  [/^.* times faster .*\n/gm, ''],
  [/(?<=^total time : )[\d.]+$/gm, '<SECONDS>'],
  [/\b0x[\da-f]+/g, 'ADDR'],
]);

/** @param {string} name @param {string} ending */
function companionOf(name, ending) {
  const paths = [`examples/${name}${ending}`, `examples/${name}/${name}${ending}`];
  const path = paths.find((file) => existsSync(join(root, file)));
  return path && readFileSync(join(root, path), 'utf8');
}

/** @returns {Example[]} */
function examples() {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, 'examples', folder)).map((file) => `${folder}${file}`),
  );
  return files.flatMap((file) => {
    const name = file.slice(0, -2);
    const expected = file.endsWith('.c') ? companionOf(name, '.out') : undefined;
    if (expected === undefined) return [];
    const [input, complaint] = [companionOf(name, '.in'), companionOf(name, '.err')];
    const signal = companionOf(name, '.signal')?.trim();
    return [{ name, source: `examples/${file}`, expected, input, complaint, signal }];
  });
}

/** @param {Example} example */
function callsItsHost({ source }) {
  return /GEVENT_IMPORT|gevent\/io\//.test(readFileSync(join(root, source), 'utf8'));
}

/** Written for another library. @param {Example} example */
function flagsOf({ name }) {
  return name.startsWith('compat/') ? ['--compat'] : [];
}

/** @param {Example} example */
function runsNatively(example) {
  return !callsItsHost(example) || existsSync(join(root, `examples/${example.name}/native.c`));
}

/** There are no signals. @param {Example} example */
function runsOnWasi(example) {
  return runsNatively(example) && !example.signal;
}

/** @param {Example} example */
function runsInWasm(example) {
  return !callsItsHost(example) || companionOf(example.name, '.js') !== undefined;
}

/**
 * @param {Example} example
 * @param {readonly string[]} command
 */
async function compare({ name, expected, input, complaint, signal }, command) {
  const { ok, stdout, output } = await run(command, { input, signal, seconds: 120 });
  const actual = differing.reduce((text, [pattern, mark]) => text.replace(pattern, mark), stdout);
  const failsWell = complaint && output.includes(complaint) && output.endsWith(' status 1\n');
  const endsWell = complaint ? failsWell : ok;
  if (endsWell && actual === expected) return { ok: true, output: '' };
  return { ok: false, output: `${name}: ${firstDifference(expected, actual)}\n${output}` };
}

/** @param {string} expected @param {string} actual */
function firstDifference(expected, actual) {
  const wanted = expected.split('\n');
  const got = actual.split('\n');
  const line = wanted.findIndex((text, i) => text !== got[i]);
  if (line < 0) return got.length > wanted.length ? 'prints more than it should' : 'failed';
  return `line ${line + 1} is ${JSON.stringify(got[line])}, not ${JSON.stringify(wanted[line])}`;
}

const nativeFolder = join(root, 'build/native/examples');
const compileC = ['gcc', '-std=c11', '-O2', '-Isrc', '-idirafter', 'src/compat'];

/** All of the library as one object file, which the examples share. */
const makeLibrary = once(async (/** @type {string} */ backend) => {
  for (const folder of folders) mkdirSync(join(nativeFolder, folder), { recursive: true });
  const more = ['src/gevent/loop_uv.c', ...patchSources, ...sourcesIn('src/compat')];
  const sources = [...librarySources(backend), ...more];
  const path = join(nativeFolder, `${backend}.o`);
  return { path, made: await run([...compileC, '-r', ...sources, '-o', path]) };
});

/** @param {Example} example */
async function runNatively(example) {
  const library = await makeLibrary('ucontext');
  if (!library.made.ok) return library.made;
  const target = join(nativeFolder, example.name);
  const libraries = ['-luv', '-lpthread', '-lm'];
  const made = await run([...compileC, ...plainSources(example), library.path, '-o', target, ...libraries]);
  return made.ok ? compare(example, [target]) : made;
}

/**
 * @param {Engine} engine
 * @returns {Suite}
 */
function inWasm(engine) {
  return {
    name: `examples ${engine.name}`,
    backend: 'asyncify',
    host: `${engine.name}, examples`,
    missing: engine.missing,
    run: () =>
      runAll(
        examples().filter(runsInWasm),
        (example) =>
          compare(example, [engine.program, 'js/cli.js', 'run', ...flagsOf(example), example.source]),
        ({ name }) => name,
      ),
  };
}

/** @param {Example} example @returns {string[]} what it is made of where its imports are C */
function plainSources({ name, source }) {
  const native = `examples/${name}/native.c`;
  return [source, ...(existsSync(join(root, native)) ? [native] : [])];
}

/** The example as a command, which the engines share. */
const buildForWasi = once(async (/** @type {string} */ name) => {
  const example = /** @type {Example} */ (examples().find((one) => one.name === name));
  const path = join(root, 'build/wasm/examples', `${name}.wasm`);
  mkdirSync(dirname(path), { recursive: true });
  const command = ['js/cli.js', 'build', '--host', 'wasi', ...flagsOf(example), ...plainSources(example)];
  return { path, made: await run([process.execPath, ...command, '-o', path]) };
});

/** @param {Example} example @param {string} node */
async function runOnWasi(example, node) {
  const { path, made } = await buildForWasi(example.name);
  return made.ok ? compare(example, [node, 'js/cli.js', 'run', path]) : made;
}

/**
 * @param {Engine} engine
 * @returns {Suite}
 */
function onWasi({ name, program, missing }) {
  return {
    name: `examples node:wasi ${name}`,
    backend: 'asyncify',
    host: `node:wasi ${name}, examples`,
    missing,
    run: () =>
      runAll(
        examples().filter(runsOnWasi),
        (example) => runOnWasi(example, program),
        (example) => example.name,
      ),
  };
}

/** @type {Suite} */
const natively = {
  name: 'examples native',
  backend: 'ucontext',
  host: 'gcc -O2, examples',
  missing: () => {
    if (process.platform !== 'linux') return 'not Linux';
    return missingPrograms('gcc') ?? (existsSync('/usr/include/uv.h') ? null : 'no libuv');
  },
  run: () => runAll(examples().filter(runsNatively), runNatively, ({ name }) => name),
};

// ---- that to wait costs nothing -----------------------------------------------------------------

const sleepers = 'lessons/46-three-sleepers-and-a-reader';

/** Of the seconds for which the program waits, how many it may compute: less than if it looked again and again. */
const MOST_SECONDS = 0.3;

/** What a process and its children took, in the last line of the shell's `times`: 0m1.23s 0m0.04s. */
const cpuTimes = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/**
 * @param {readonly string[]} command
 * @param {string} [argument] one, for the real clock
 */
async function measure(command, argument) {
  const words = [...command, ...(argument ? [argument] : [])].map((word) => `'${word}'`).join(' ');
  const input = `{ printf 'first\\nsecond\\n'; ${argument ? 'sleep 2' : 'true'}; }`;
  const { ok, stdout, output } = await run(['sh', '-c', `${input} | ${words}; times`], { seconds: 120 });
  const [, ...times] = cpuTimes.exec(stdout)?.map(Number) ?? [0, NaN];
  const isRight = stdout.startsWith(companionOf(sleepers, '.out') ?? '-');
  return { ok: ok && isRight, output, seconds: 60 * (times[0] + times[2]) + times[1] + times[3] };
}

/** Twice: what it takes on the virtual clock, it takes to start. @param {readonly string[]} command */
async function compareCpuTimes(command) {
  const [start, waiting] = [await measure(command), await measure(command, 'real')];
  const ok = start.ok && waiting.ok && waiting.seconds - start.seconds < MOST_SECONDS;
  const note = `${start.seconds} s, and ${waiting.seconds} s with a wait of 3 s`;
  return { ok, output: ok ? '' : `${command.join(' ')}: ${note}\n${start.output}${waiting.output}` };
}

/** @returns {Promise<(readonly string[])[]>} how the program is run, on each host */
async function sleepersOnEachHost() {
  const program = { name: sleepers, source: `examples/${sleepers}.c`, expected: '' };
  const library = await makeLibrary('ucontext');
  const target = join(nativeFolder, sleepers);
  await run([...compileC, program.source, library.path, '-o', target, '-luv', '-lpthread', '-lm']);
  const wasm = [[], ['--host', 'wasi']].map((host, i) => {
    const file = join(nativeFolder, `sleepers-${i}.wasm`);
    return { file, made: run([process.execPath, 'js/cli.js', 'build', ...host, program.source, '-o', file]) };
  });
  await Promise.all(wasm.map(({ made }) => made));
  return [[target], ...wasm.map(({ file }) => [process.execPath, 'js/cli.js', 'run', file])];
}

/** @type {Suite} */
const idle = {
  ...natively,
  name: 'examples idle',
  backend: '-',
  host: 'natively, Node, node:wasi: CPU seconds',
  async run() {
    return runAll(await sleepersOnEachHost(), compareCpuTimes, (command) => command.join(' '));
  },
};

export const goldenSuites = [...engines.map(inWasm), ...engines.map(onWasi), natively, idle];
