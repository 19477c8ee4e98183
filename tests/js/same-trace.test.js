// One source, three drivers: examples/kitchen.c called from C and from JavaScript, examples/reader.c fed by its own
// main() (the golden test of the examples) and by JavaScript. The traces are the same.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { load } from '../../js/index.js';
import { compileProgram } from './program.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** @param {string} path below examples/ */
function golden(path) {
  return readFileSync(join(root, 'examples', path), 'utf8');
}

/** @param {string} name of a program in examples/ */
function compileExample(name) {
  return compileProgram(`../../../examples/${name}`);
}

// ---- natively -----------------------------------------------------------------------------------

/** Why there is no native program; false if there can be one. */
function whyNotNative() {
  if (process.platform === 'win32') return 'the native backends are for POSIX systems';
  try {
    execFileSync('cc', ['--version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'there is no cc on this machine';
  }
}

/** The library's own files for a POSIX program that needs no libuv. The linker takes of them what the program uses. */
function librarySources() {
  const folders = ['src', 'src/gevent'].map((folder) => join(root, folder));
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const sources = files.filter((file) => /(?<!_win|_none)\.c$/.test(file));
  return sources.filter((source) => !readFileSync(source, 'utf8').includes('#include <uv.h>'));
}

/** @param {string} folder */
function makeLibrary(folder) {
  const virtual = join(root, 'tests/conformance/loop_default_virtual.c');
  const include = `-I${join(root, 'src')}`;
  execFileSync('cc', ['-std=c11', '-O1', include, '-c', ...librarySources(), virtual], { cwd: folder });
  const objects = readdirSync(folder).filter((file) => file.endsWith('.o'));
  execFileSync('ar', ['rcs', 'library.a', ...objects], { cwd: folder });
  return [
    '-std=c11',
    '-Wall',
    '-Wextra',
    '-Wpedantic',
    '-Werror',
    include,
    join(folder, 'library.a'),
    '-lpthread',
  ];
}

/**
 * @param {string} folder
 * @param {string[]} names of files in examples/
 */
function runNatively(folder, names) {
  const [sources, program] = [names.map((name) => join(root, 'examples', name)), join(folder, 'program')];
  const flags = makeLibrary(folder);
  const libraries = flags.splice(flags.findIndex((flag) => flag.endsWith('.a')));
  execFileSync('cc', [...flags, ...sources, ...libraries, '-o', program]);
  return execFileSync(program, { encoding: 'utf8' });
}

test('kitchen.c, called from C', { skip: whyNotNative() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-native-'));
  try {
    assert.equal(runNatively(folder, ['kitchen.c', 'kitchen/native.c']), golden('kitchen/kitchen.out'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

// ---- in wasm ------------------------------------------------------------------------------------

test('kitchen.c, called from JavaScript', async () => {
  /** @type {string[]} */
  const trace = [];
  const hear = (/** @type {string} */ line) => void trace.push(line);
  const app = await load(await compileExample('kitchen.c'), {
    clock: 'virtual',
    imports: { guests: { hear } },
  });
  assert.equal(app.hasMain, false);
  app.callSync('open_kitchen');
  const orders = [
    { dish: 'soup', task: app.spawn('cook', 'soup', 3) },
    { dish: 'egg', task: app.spawn('cook', 'egg', 1, { timeout: 2000 }) },
    { dish: 'roast', task: app.spawn('cook', 'roast', 90, { timeout: 30000 }) },
    { dish: 'pie', task: app.spawn('cook', 'pie', 20) },
  ];
  const outcomes = orders.map(({ dish, task }) =>
    task.then(
      (number) => `${dish}: ${number}`,
      (error) => `${dish}: ${error.message}`,
    ),
  );
  await app.drain();
  assert.equal([...trace, ...(await Promise.all(outcomes)), ''].join('\n'), golden('kitchen/kitchen.out'));
});

test('reader.c, fed by JavaScript', async () => {
  let trace = '';
  const decoder = new TextDecoder();
  const stdout = (/** @type {Uint8Array} */ bytes) => void (trace += decoder.decode(bytes, { stream: true }));
  const app = await load(await compileExample('reader.c'), { stdout });
  app.callSync('start');
  const wanted = [...'ax\bnn\nno\nyes\n'].map((key) => app.callSync('press', key));
  assert.deepEqual([...new Set(wanted.slice(0, -1))], [1]);
  assert.equal(wanted.at(-1), 0);
  assert.equal(app.callSync('press', 'x'), 0); // nobody wants it any more
  app.exit(0);
  assert.equal(trace, golden('reader.out'));
});
