import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingPrograms, root, run } from './process.js';

/** @import { Suite, Outcome } from './suite.js' */

const consumer = `cmake_minimum_required(VERSION 3.21)
project(consumer LANGUAGES C)
find_package(greenlet REQUIRED)
add_executable(hello ${join(root, 'examples/hello.c')})
target_link_libraries(hello PRIVATE greenlet::gevent)
`;

/** @returns {Promise<Outcome>} builds, tests and installs the library, and builds and runs a program against it */
async function runCMake() {
  const folder = join(root, 'build/cmake');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'consumer'), { recursive: true });
  writeFileSync(join(folder, 'consumer/CMakeLists.txt'), consumer);
  const [library, prefix, program] = ['library', 'prefix', 'program'].map((name) => join(folder, name));
  const steps = [
    ['cmake', '-S', root, '-B', library, `-DCMAKE_INSTALL_PREFIX=${prefix}`],
    ['cmake', '--build', library],
    ['ctest', '--test-dir', library, '--output-on-failure'],
    ['cmake', '--install', library],
    ['cmake', '-S', join(folder, 'consumer'), '-B', program, `-DCMAKE_PREFIX_PATH=${prefix}`],
    ['cmake', '--build', program],
    [join(program, 'hello')],
  ];
  for (const [i, step] of steps.entries()) {
    const { ok, output } = await run(step, { seconds: 120 });
    if (!ok) return { passed: i, failed: 1, output: `${step.join(' ')}\n${output}` };
  }
  return { passed: steps.length, failed: 0, output: '' };
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
];
