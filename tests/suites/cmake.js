import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms, root, run } from './process.js';

/** @import { Suite, Outcome } from './suite.js' */

/** Of libc, as the cooperative one has it. */
const ordinarySleep = 'examples/lessons/44-ordinary-sleep';

/** Written for another library. */
const cothreads = 'examples/compat/cothreads';

const consumer = `cmake_minimum_required(VERSION 3.21)
project(consumer LANGUAGES C)
find_package(greenlet REQUIRED)
add_executable(hello ${join(root, 'examples/hello.c')})
target_link_libraries(hello PRIVATE greenlet::gevent)
add_executable(patched ${join(root, `${ordinarySleep}.c`)})
target_link_libraries(patched PRIVATE greenlet::patch)
add_executable(cothreads ${join(root, `${cothreads}.c`)})
target_link_libraries(cothreads PRIVATE greenlet::compat)
`;

/**
 * @param {string[][]} steps commands
 * @returns {Promise<Outcome>} how many of them succeeded, up to the first that did not
 */
async function runSteps(steps) {
  for (const [i, step] of steps.entries()) {
    const { ok, output } = await run(step, { seconds: 120 });
    if (!ok) return { passed: i, failed: 1, output: `${step.join(' ')}\n${output}` };
  }
  return { passed: steps.length, failed: 0, output: '' };
}

/** @param {string} program @param {string} expected relative to the root */
function compareOutput(program, expected) {
  return ['sh', '-c', `"$0" | cmp - "$1"`, program, join(root, expected)];
}

/** @returns {Promise<Outcome>} builds, tests and installs the library, and builds and runs a program against it */
async function runCMake() {
  const folder = join(root, 'build/cmake');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'consumer'), { recursive: true });
  writeFileSync(join(folder, 'consumer/CMakeLists.txt'), consumer);
  const [library, prefix, program] = ['library', 'prefix', 'program'].map((name) => join(folder, name));
  return runSteps([
    ['cmake', '-S', root, '-B', library, `-DCMAKE_INSTALL_PREFIX=${prefix}`],
    ['cmake', '--build', library],
    ['ctest', '--test-dir', library, '--output-on-failure'],
    ['cmake', '--install', library],
    ['cmake', '-S', join(folder, 'consumer'), '-B', program, `-DCMAKE_PREFIX_PATH=${prefix}`],
    ['cmake', '--build', program],
    [join(program, 'hello')],
    compareOutput(join(program, 'patched'), `${ordinarySleep}.out`),
    compareOutput(join(program, 'cothreads'), `${cothreads}.out`),
  ]);
}

/** @returns {Promise<Outcome>} builds for another CPU, and tests under its emulator */
async function runCross() {
  const folder = join(root, 'build/cmake-aarch64');
  rmSync(folder, { recursive: true, force: true });
  const settings = {
    CMAKE_SYSTEM_NAME: 'Linux',
    CMAKE_SYSTEM_PROCESSOR: 'aarch64',
    CMAKE_C_COMPILER: 'aarch64-linux-gnu-gcc',
    CMAKE_CROSSCOMPILING_EMULATOR: 'qemu-aarch64-static;-L;/usr/aarch64-linux-gnu',
    GREENLET_GEVENT: 'OFF',
  };
  const flags = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  return runSteps([
    ['cmake', '-S', root, '-B', folder, ...flags],
    ['cmake', '--build', folder],
    ['ctest', '--test-dir', folder, '--output-on-failure'],
  ]);
}

function missingLibuv() {
  return spawnSync('pkg-config', ['--exists', 'libuv']).status === 0 ? null : 'no libuv';
}

/** @type {Suite[]} */
export const cmakeSuites = [
  {
    name: 'cmake',
    backend: 'native',
    host: 'cmake, find_package, libuv',
    missing: () => missingPrograms('cmake', 'cc', 'pkg-config') || missingLibuv(),
    run: runCMake,
  },
  {
    name: 'cmake aarch64',
    backend: 'aarch64',
    host: 'cmake, cross, qemu-aarch64-static',
    missing: () => missingPrograms('cmake', 'aarch64-linux-gnu-gcc', 'qemu-aarch64-static'),
    run: runCross,
  },
];
