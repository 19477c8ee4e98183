import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { missingPrograms, root, run } from './process.js';

/** @import { Finished } from './process.js' */

/**
 * A way to build native programs.
 * @typedef {object} Build
 * @property {string} backend
 * @property {string} compiler
 * @property {string[]} flags
 * @property {string[]} [emulator] what runs its programs, as the beginning of a command
 * @property {string} [suffix] what the names of its programs end with
 */

export const warnings = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];
const sanitize = [
  '-O1',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
  '-fno-omit-frame-pointer',
];

/** @type {Record<string, Build>} */
export const builds = {
  'x86_64-gcc-O0': { backend: 'x86_64', compiler: 'gcc', flags: ['-O0'] },
  'x86_64-gcc-O2': { backend: 'x86_64', compiler: 'gcc', flags: ['-O2'] },
  'x86_64-gcc-protected': { backend: 'x86_64', compiler: 'gcc', flags: ['-O2', '-fcf-protection=full'] },
  'x86_64-clang-O0': { backend: 'x86_64', compiler: 'clang', flags: ['-O0'] },
  'x86_64-clang-O2': { backend: 'x86_64', compiler: 'clang', flags: ['-O2'] },
  'ucontext-gcc-O2': { backend: 'ucontext', compiler: 'gcc', flags: ['-O2'] },
  'ucontext-gcc-sanitize': { backend: 'ucontext', compiler: 'gcc', flags: sanitize },
  'ucontext-gcc-threads': { backend: 'ucontext', compiler: 'gcc', flags: ['-O1', '-fsanitize=thread'] },
  'ucontext-clang-libfuzzer': {
    backend: 'ucontext',
    compiler: 'clang-22',
    flags: ['-O1', '-fsanitize=fuzzer,address,undefined', ...sanitize.slice(2)],
  },
  'aarch64-gcc-O2': {
    backend: 'aarch64',
    compiler: 'aarch64-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-aarch64-static'],
  },
  'aarch64-gcc-protected': {
    backend: 'aarch64',
    compiler: 'aarch64-linux-gnu-gcc',
    flags: ['-O2', '-static', '-mbranch-protection=standard'],
    emulator: ['env', 'QEMU_CPU=max', 'qemu-aarch64-static'],
  },
  'riscv64-gcc-O2': {
    backend: 'riscv64',
    compiler: 'riscv64-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-riscv64-static'],
  },
  'arm-gcc-O2': {
    backend: 'arm',
    compiler: 'arm-linux-gnueabihf-gcc',
    flags: ['-O2', '-static', '-funwind-tables'],
    emulator: ['qemu-arm-static'],
  },
  'i686-gcc-O2': {
    backend: 'i686',
    compiler: 'i686-linux-gnu-gcc',
    flags: ['-O2', '-static'],
    emulator: ['qemu-i386-static'],
  },
  'i686-gcc-protected': {
    backend: 'i686',
    compiler: 'i686-linux-gnu-gcc',
    flags: ['-O2', '-static', '-fcf-protection=full'],
    emulator: ['qemu-i386-static'],
  },
  // printf is not Microsoft's there, but what checks its formats thinks so.
  'win64-gcc-O2': {
    backend: 'win64',
    compiler: 'x86_64-w64-mingw32-gcc',
    flags: ['-O2', '-static', '-Wno-format', '-Wno-format-extra-args'],
    emulator: [
      'env',
      `WINEPREFIX=${join(root, 'build/native/wine')}`,
      'WINEDEBUG=-all',
      '/usr/lib/wine/wine64',
    ],
    suffix: '.exe',
  },
};

/** What the library takes from the host, and not from src/, in a build of its own. */
const notNative = ['context_ucontext.c', 'loop_uv.c', 'slot.c'];
export const forPosix = { stack: ['stack.c', 'stack_guard.c'], thread: ['thread_pthread.c'] };
export const forWindows = { stack: ['stack_win.c'], thread: ['thread_none.c'] };

/** @param {string} folder @param {readonly string[]} [without] */
export function sourcesIn(folder, without = []) {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.c'));
  return files.filter((file) => !without.includes(file)).map((file) => `${folder}/${file}`);
}

/** @param {string} backend */
export const sourceOf = (backend) => `src/context_${backend}.${backend === 'ucontext' ? 'c' : 'S'}`;

/** @param {string} backend */
export function librarySources(backend) {
  const notOurs = backend === 'win64' ? forPosix : forWindows;
  const without = [...notNative, ...notOurs.stack, ...notOurs.thread];
  return [...sourcesIn('src', without), ...sourcesIn('src/gevent', without), sourceOf(backend)];
}

export const valgrind = ['valgrind', '--quiet', '--error-exitcode=99', '--max-stackframe=8388608'];

/** @param {Build} build */
export function describeBuild({ compiler, flags, emulator = [] }) {
  const [tool] = compiler.match(/gcc|clang/) ?? [compiler];
  const sanitizers = flags.flatMap((flag) => flag.match(/^-fsanitize=(.*)/)?.[1].split(',') ?? []);
  const protections = flags.filter((flag) => flag.includes('-protection='));
  const words = [tool, flags[0], ...protections, ...sanitizers, emulator.at(-1)?.replace(/^.*\//, '') ?? ''];
  return words.filter(Boolean).join(' ').replace('address undefined', 'asan ubsan').replace('thread', 'tsan');
}

/** @param {Build} build @param {string} [tool] that watches it run */
export function missingFor({ backend, compiler, emulator = [] }, tool) {
  if (process.platform !== 'linux') return 'not Linux';
  if (backend === 'x86_64' && process.arch !== 'x64') return `not an x86_64 machine but ${process.arch}`;
  return missingPrograms(compiler, ...emulator.slice(-1), ...(tool ? [tool] : []));
}

/** @param {string} name of a build @param {string} program */
export function pathOf(name, program) {
  return `build/native/${name}/${program}${builds[name].suffix ?? ''}`;
}

/** @param {string} name of a build @param {string} program */
export function commandOf(name, program) {
  return [...(builds[name].emulator ?? []), join(root, pathOf(name, program))];
}

/**
 * @param {string} name of a build
 * @param {string} program
 * @param {readonly string[]} sources
 * @param {readonly string[]} [flags] besides those of the build
 * @returns {Promise<Finished>}
 */
export function compile(name, program, sources, flags = []) {
  const build = builds[name];
  mkdirSync(join(root, 'build/native', name), { recursive: true });
  const settings = ['-std=c11', '-g', '-Isrc', ...warnings, ...build.flags, ...flags];
  return run([build.compiler, ...settings, ...sources, '-o', pathOf(name, program), '-lpthread', '-lm']);
}
