import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from '../../js/build/index.js';
import { load } from '../../js/index.js';
import { commandIn } from './command.js';
import { FakeHost } from './fake-wasi.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'greenlet-wasi-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const cli = commandIn(folder);

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(folder, name), text);
  return name;
}

/** @param {string} source @param {string[]} [more] sources */
async function compile(source, more = []) {
  const sources = [join(root, source), ...more.map((file) => join(root, file))];
  const { wasm } = await build({ sources, host: 'wasi' });
  return WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
}

/** @param {string} name */
const readExample = (name) => readFileSync(join(root, 'examples', name), 'utf8');

describe('a command', () => {
  test('asks its host for nothing but preview 1', async () => {
    const modules = WebAssembly.Module.imports(await compile('examples/hello.c')).map(({ module }) => module);
    assert.deepEqual([...new Set(modules)], ['wasi_snapshot_preview1']);
  });

  test('waits in one poll_oneoff for the nearest deadline, rounded up to what hosts can count', async () => {
    const host = new FakeHost();
    const { status, stdout } = await host.run(await compile('examples/hello.c'));
    assert.equal(stdout, readExample('hello.out'));
    assert.equal(status, 0);
    assert.equal(host.polls.length, 7, 'the ends of six laps and of the timeout');
    for (const poll of host.polls) {
      assert.equal(poll.length, 1);
      assert.equal(poll[0].nanoseconds % 1_000_000n, 0n);
    }
  });

  test('waits again if the host comes back too early', async () => {
    const host = new FakeHost({ cutsOff: 400_000n });
    const { stdout } = await host.run(await compile('examples/hello.c'));
    assert.equal(stdout, readExample('hello.out'));
    assert.ok(host.polls.length > 7);
    assert.ok(host.polls.length < 20, 'but without spinning');
  });

  test('takes its clock from the environment', async () => {
    const host = new FakeHost({ env: { GREENLET_CLOCK: 'virtual' } });
    const { stdout } = await host.run(await compile('examples/hello.c'));
    assert.equal(stdout, readExample('hello.out'));
    assert.deepEqual(host.polls, []);
  });

  test('says what is wrong with a size in the environment', async () => {
    const host = new FakeHost({ env: { GREENLET_STACK: '64K' } });
    const { stderr, trap } = await host.run(await compile('examples/hello.c'));
    assert.match(stderr, /^greenlet: GREENLET_EINVAL: GREENLET_STACK: expected a number of bytes .*'64K'$/m);
    assert.ok(trap instanceof WebAssembly.RuntimeError);
  });

  test('is not built without a main()', async () => {
    await assert.rejects(compile('examples/kitchen.c'), {
      code: 'EHOST',
      message:
        /a command begins with main\(\), which the program does not have: define it, or build for JavaScript/,
    });
  });

  test('takes for an import what the program defines, and is not built where nothing does', async () => {
    const module = await compile('examples/kitchen.c', ['examples/kitchen/native.c']);
    const { stdout } = await new FakeHost().run(module);
    assert.equal(stdout, readExample('kitchen/kitchen.out'));
    const source = write('caller.c', caller);
    const { status, stderr } = cli(['build', '--host', 'wasi', source]);
    assert.equal(status, 1);
    assert.match(stderr, /the host 'wasi' has nothing to import: shop\.price, shop\.stock: define it in C/);
    assert.equal(existsSync(join(folder, 'caller.wasm')), false);
  });

  test('is no module that load takes', async () => {
    const module = await compile('examples/hello.c');
    await assert.rejects(load(module), { code: 'GREENLET_EMODULE', message: /built with --host wasi/ });
  });
});

const caller = `#include "gevent.h"
GEVENT_IMPORT(f64, shop, price, string)
GEVENT_IMPORT_RESULT(i32, shop, stock)

int main(void) {
    gevent_result_t *result;
    return price("tea", NULL) + stock(&result);
}
`;

const leaver = write(
  'leaver.c',
  `#include <gevent.h>
#include <stdio.h>
#include <stdlib.h>

static void say_goodbye(void) {
    puts("goodbye");
}

static int run(void *value, void **result) {
    (void)value, (void)result;
    gevent_sleep(0.01);
    puts("one goes on");
    if (AT == 2) exit(4);
    return GREENLET_OK;
}

int main(int argc, char **argv) {
    (void)argv;
    atexit(say_goodbye);
    gevent_task_t *task;
    gevent_spawn(run, NULL, &task);
    if (AT == 0) return 5;
    if (AT == 1) abort();
    gevent_join(task, GEVENT_FOREVER);
    return argc;
}
`,
);

describe('run', () => {
  /** @param {string[]} args */
  const run = (...args) => cli(['run', '--host', 'wasi', '--virtual', ...args]);

  test('gives on what main returns, whoever still waits; at-exit functions run', () => {
    assert.deepEqual(run('-DAT=0', leaver), { status: 5, stdout: 'goodbye\n', stderr: '' });
  });

  test('gives on what a greenlet gives to exit()', () => {
    assert.deepEqual(run('-DAT=2', leaver), { status: 4, stdout: 'one goes on\ngoodbye\n', stderr: '' });
  });

  test('gives on arguments', () => {
    assert.equal(run('-DAT=3', leaver, 'a', '--virtual').status, 3);
  });

  test('ends with 134 when the module traps', () => {
    const { status, stderr } = run('-DAT=1', leaver);
    assert.equal(status, 134);
    assert.match(stderr, /^greenlet-wasm: the module trapped: unreachable$/m);
  });

  test('gives on the environment, and has no signals', () => {
    const source = write('asks.c', asks);
    const { status, stdout } = cli(['run', '--host', 'wasi', source], { env: { ASKED: 'yes' } });
    assert.deepEqual([status, stdout], [0, 'yes GREENLET_ENOSYS\n']);
  });

  test('shows a program the folders that --dir names', () => {
    const source = write('cat.c', cat);
    mkdirSync(join(folder, 'texts'));
    write('texts/a.txt', 'some text\n');
    assert.equal(run('--dir', 'texts', source, 'texts/a.txt').stdout, 'some text\n');
    assert.equal(run('--dir', 'texts::/t', source, '/t/a.txt').stdout, 'some text\n');
    assert.equal(run(source, 'texts/a.txt').status, 1);
  });

  test('reads its input to the end, which stays the end', () => {
    const source = write('lines.c', lines);
    const { status, stdout } = cli(['run', '--host', 'wasi', source], { input: 'a\nb' });
    assert.equal(stdout, '[a]\n[b]\nend end\n');
    assert.equal(status, 0);
  });

  test('takes a module that was built before, and refuses what is not for it', () => {
    assert.equal(cli(['build', '--host', 'wasi', '-DAT=3', leaver, '-o', 'leaver.wasm']).status, 0);
    assert.equal(cli(['run', '--virtual', 'leaver.wasm', 'x']).status, 2);
    const refused = cli(['run', '--until-idle', 'leaver.wasm']);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /--until-idle is of no use to a module that was built for WASI/);
    assert.match(cli(['build', '--host', 'moon', leaver]).stderr, /there are javascript, wasi$/m);
  });

  test('gives stacks their sizes, and says which was too small', () => {
    const source = write('deep.c', deep);
    assert.deepEqual(run('--stack', '64K', source), { status: 0, stdout: 'before\nafter\n', stderr: '' });
    const { status, stdout, stderr } = run(source);
    assert.equal(status, 134);
    assert.equal(stdout, 'before\n');
    assert.match(stderr, /^greenlet: GREENLET_EOVERFLOW: stack overflow in '.*': its stack has 32768 bytes/m);
  });
});

const asks = `#include <gevent.h>
#include <stdio.h>
#include <stdlib.h>

static int run(void *value, void **result) {
    (void)value, (void)result;
    return GREENLET_OK;
}

int main(void) {
    printf("%s %s\\n", getenv("ASKED"), greenlet_error_name(gevent_signal(GEVENT_SIGINT, run, NULL)));
    return 0;
}
`;

const cat = `#include <stdio.h>

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (!file) return 1;
    for (int c; (c = getc(file)) != EOF;) putchar(c);
    return fclose(file);
}
`;

const lines = `#include <stdio.h>
#include <string.h>

int main(void) {
    char line[9];
    while (fgets(line, sizeof line, stdin)) printf("[%.*s]\\n", (int)strcspn(line, "\\n"), line);
    int first = getchar();
    clearerr(stdin);
    printf("%s %s\\n", first == EOF ? "end" : "more", getchar() == EOF ? "end" : "more");
    return 0;
}
`;

const deep = `#include <stdio.h>
#include "greenlet.h"

static int dig(int depth) {
    volatile char room[256];
    for (int i = 0; i < 256; i++) room[i] = (char)depth;
    return depth ? dig(depth - 1) + room[depth] : 0;
}

static int run(void *value, void **result) {
    (void)value, (void)result;
    return dig(160) > 1000000;
}

int main(void) {
    greenlet_t *greenlet;
    puts("before");
    greenlet_new(run, NULL, &greenlet);
    greenlet_switch(greenlet, NULL, NULL);
    greenlet_unref(greenlet);
    puts("after");
    return 0;
}
`;

const packages = join(root, 'tests/engines/node_modules');
const skip = !existsSync(join(packages, 'uwasi')) && 'tests/engines has not been installed';

describe('hosts that nobody here wrote run it', { skip }, () => {
  /** @param {string} file of a package @returns {Promise<any>} */
  const load = (file) => import(pathToFileURL(join(packages, file)).href);
  const env = { GREENLET_CLOCK: 'virtual' };

  test('uwasi', async () => {
    const { default: uwasi } = await load('uwasi/lib/cjs/index.js');
    let text = '';
    const stdout = (/** @type {string} */ part) => void (text += part);
    const { useArgs, useEnviron, useClock, useProc, useStdio } = uwasi;
    const features = [useArgs, useEnviron, useClock, useProc, useStdio({ stdout })];
    const wasi = new uwasi.WASI({ args: ['hello'], env, features });
    const module = await compile('examples/hello.c');
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    assert.equal(wasi.start(instance), 0);
    assert.equal(text, readExample('hello.out'));
  });

  test('browser_wasi_shim', async () => {
    const shim = await load('@bjorn3/browser_wasi_shim/dist/index.js');
    let text = '';
    const stdout = shim.ConsoleStdout.lineBuffered(
      (/** @type {string} */ line) => void (text += `${line}\n`),
    );
    const files = [new shim.OpenFile(new shim.File([])), stdout, stdout];
    const wasi = new shim.WASI(['hello'], ['GREENLET_CLOCK=virtual'], files, { debug: false });
    const module = await compile('examples/hello.c');
    const instance = await WebAssembly.instantiate(module, { wasi_snapshot_preview1: wasi.wasiImport });
    assert.equal(wasi.start(instance), 0);
    assert.equal(text, readExample('hello.out'));
  });
});
