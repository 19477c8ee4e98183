import { spawnSync } from 'node:child_process';
import { isAbsolute } from 'node:path';

import { builds, commandOf, compile, librarySources, missingFor } from '../../suites/builds.js';
import { selfMeasuring } from '../self-measuring.js';

const BUILD = 'x86_64-gcc-O2';
const loop = 'tests/conformance/loop_default_virtual.c';
const includes = ['-Itests/bench/programs'];

const missingCompiler = () => missingFor(builds[BUILD]);
const library = () => librarySources(builds[BUILD].backend);

/**
 * @param {string} name
 * @param {string} program what the file is called
 * @param {() => string[]} sources and libraries
 * @param {{ missing?: () => string | null, flags?: string[] }} [options]
 */
function compiled(name, program, sources, { missing = missingCompiler, flags = [] } = {}) {
  return selfMeasuring(name, {
    missing,
    make: () => compile(BUILD, program, sources(), [...includes, ...flags]),
    command: () => commandOf(BUILD, program),
  });
}

function missingBoost() {
  const missing = missingCompiler();
  if (missing) return missing;
  const { stdout } = spawnSync('gcc', ['-print-file-name=libboost_context.so'], { encoding: 'utf8' });
  return isAbsolute(stdout) ? null : 'Boost.Context is not installed (libboost-context-dev)';
}

const programs = 'tests/bench/programs';
const peers = 'tests/bench/peers';

export const nativeGreenlets = compiled('greenlet-wasm, native', 'bench', () => [
  ...['native.c', 'switch.c', 'tasks.c'].map((file) => `${programs}/${file}`),
  ...library(),
  loop,
]);

export const nativeContexts = compiled('greenlet-wasm, contexts alone', 'bench_contexts', () => [
  `${programs}/contexts.c`,
  ...library().filter((file) => !file.startsWith('src/gevent/')),
]);

export const fcontext = compiled(
  'Boost fcontext',
  'bench_fcontext',
  () => [`${peers}/fcontext.c`, '-lboost_context'],
  { missing: missingBoost },
);

export const ucontext = compiled('ucontext', 'bench_ucontext', () => [`${peers}/ucontext.c`], {
  flags: ['-D_DEFAULT_SOURCE'],
});

/** @param {string} module @returns {string | undefined} a Python that has it */
function pythonWith(module) {
  const pythons = ['python3', '/usr/bin/python3'];
  return pythons.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
}

/** @param {string} module @returns {{ missing: string | null, command: string[] }} the program of peers/ for it */
export function pythonProgram(module) {
  const python = pythonWith(module);
  const missing = python ? null : `not installed (python3-${module})`;
  return { missing, command: [python ?? '', `${peers}/python_${module}.py`] };
}

/** @param {string} name @param {string} module @param {number} most */
function inPython(name, module, most) {
  const { missing, command } = pythonProgram(module);
  return selfMeasuring(name, { missing: () => missing, command: () => command, most });
}

export const pythonGreenlet = inPython('python-greenlet', 'greenlet', 100_000);

export const gevent = inPython('gevent', 'gevent', 20_000);
