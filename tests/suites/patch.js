import { existsSync } from 'node:fs';
import process from 'node:process';
import { commandOf, compile, librarySources, pathOf, sourcesIn, valgrind } from './builds.js';
import { missingPrograms, run } from './process.js';
import { once, outcomeOf, outcomeOfAll } from './suite.js';

/**
 * @import { Finished } from './process.js'
 * @import { Suite } from './suite.js'
 */

const build = 'x86_64-gcc-O2';
const fortified = ['-U_FORTIFY_SOURCE', '-D_FORTIFY_SOURCE=2'];

/** The cooperative libc, which is linked into what it shall change. */
export const patchSources = sourcesIn('src/patch');

/** @param {string} backend */
const sourcesFor = (backend) => [
  ...librarySources(backend),
  'src/gevent/loop_uv.c',
  ...patchSources,
  ...sourcesIn('tests/patch', ['plain.c']),
  'tests/conformance/check.c',
  'tests/conformance/main.c',
];

const plain = 'tests/patch/plain.c';

/** All of it in one object, which is linked twice. */
const makeObject = once((name) => compile(build, name, sourcesFor('x86_64'), ['-r', ...fortified]));

/**
 * Whose functions in tests/patch/plain.c are called: those of a shared library, or of the program itself.
 * @type {Record<string, () => Promise<Finished>>}
 */
const linkages = {
  async dynamic() {
    const library = await compile(build, 'libplain.so', [plain], ['-shared', '-fPIC', ...fortified]);
    if (!library.ok) return library;
    return compile(build, 'patch_dynamic', [pathOf(build, 'patch.o'), pathOf(build, 'libplain.so'), '-luv']);
  },
  static: () =>
    compile(
      build,
      'patch_static',
      [pathOf(build, 'patch.o'), plain, '-l:libuv_a.a'],
      ['-static', ...fortified],
    ),
};

function missing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'not x86-64 Linux';
  return missingPrograms('gcc') ?? (existsSync('/usr/include/uv.h') ? null : 'no libuv');
}

const makePatched = once(async (linkage) => {
  const object = await makeObject('patch.o');
  return object.ok ? linkages[linkage]() : object;
});

/** @param {string} linkage @returns {Suite} */
const patched = (linkage) => ({
  name: `patch ${linkage}`,
  backend: 'x86_64',
  host: `gcc -O2, cooperative libc, ${linkage}`,
  missing,
  async run() {
    const made = await makePatched(linkage);
    if (!made.ok) return outcomeOf(made);
    return outcomeOfAll(await run([...commandOf(build, `patch_${linkage}`), '--all'], { seconds: 120 }));
  },
});

// It does not know pidfd_open, without which the program stands still until the child has ended.
const beyondValgrind = 'PATCH_a_child_is_waited_for_while_others_run';

/** @type {Suite} */
const underValgrind = {
  name: 'patch valgrind',
  backend: 'x86_64',
  host: 'gcc -O2 valgrind, cooperative libc',
  missing: () => missing() ?? missingPrograms('valgrind'),
  async run() {
    const made = await makePatched('dynamic');
    if (!made.ok) return outcomeOf(made);
    const program = commandOf(build, 'patch_dynamic');
    const { stdout } = await run([...program, '--list']);
    const tests = stdout.split('\n').filter((name) => name && name !== beyondValgrind);
    return outcomeOfAll(await run([...valgrind, ...program, ...tests], { seconds: 300 }));
  },
};

const sanitized = 'ucontext-gcc-sanitize';

/** @type {Suite} */
const underSanitizers = {
  name: 'patch sanitize',
  backend: 'ucontext',
  host: 'gcc -O1 asan ubsan, cooperative libc',
  missing,
  async run() {
    const library = await compile(sanitized, 'libplain.so', [plain], ['-shared', '-fPIC']);
    if (!library.ok) return outcomeOf(library);
    const all = [...sourcesFor('ucontext'), pathOf(sanitized, 'libplain.so'), '-luv'];
    const made = await compile(sanitized, 'patch', all);
    if (!made.ok) return outcomeOf(made);
    return outcomeOfAll(await run([...commandOf(sanitized, 'patch'), '--all'], { seconds: 300 }));
  },
};

const withoutPatch = 'eat food 1\neat food 2\nplay 1\nplay 2\n主\n';

/** The same program with it is among the examples. */
const unlinked = {
  name: 'patch unlinked',
  backend: 'x86_64',
  host: 'gcc -O2, without the cooperative libc',
  missing,
  async run() {
    const lesson = 'examples/lessons/44-ordinary-sleep.c';
    const all = [lesson, ...librarySources('x86_64'), 'src/gevent/loop_uv.c', '-luv'];
    const made = await compile(build, 'patch_unlinked', all);
    if (!made.ok) return outcomeOf(made);
    const { ok, stdout, output } = await run(commandOf(build, 'patch_unlinked'));
    return outcomeOf({ ok: ok && stdout === withoutPatch, output });
  },
};

/** @type {Suite[]} */
export const patchSuites = [patched('dynamic'), patched('static'), underValgrind, underSanitizers, unlinked];
