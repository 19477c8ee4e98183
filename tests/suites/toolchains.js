import { existsSync } from 'node:fs';
import { missingPrograms } from './process.js';

/**
 * A compiler with its C library that WASI commands are built with, besides the one that a build takes by itself, which
 * is the newest clang of the machine.
 * @typedef {object} OtherToolchain
 * @property {string} name
 * @property {string} key for names of files
 * @property {Record<string, string>} env that chooses it
 * @property {() => string | null} missing
 */

const debianLibrary = '/usr/lib/wasm32-wasi/libc.a';

/** @type {OtherToolchain[]} */
export const otherToolchains = [
  { name: 'npm clang', key: 'npm', env: { CLANG: 'npm' }, missing: () => null },
  {
    name: 'clang-19 with wasi-libc of Debian',
    key: 'debian',
    env: { CLANG: 'clang-19', WASI_SYSROOT: '/usr' },
    missing: () =>
      missingPrograms('clang-19', 'wasm-ld-19') ?? (existsSync(debianLibrary) ? null : 'no wasi-libc'),
  },
];
