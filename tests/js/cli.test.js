import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { commandIn } from './command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'greenlet-cli-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(folder, name), text);
  return name;
}

const cli = commandIn(folder);

const hello = write(
  'hello.c',
  `#include <gevent.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    gevent_sleep(0.01);
    for (int i = 1; i < argc; i++) printf("%s\\n", argv[i]);
    return STATUS;
}
`,
);

test('run builds, runs and gives the exit status on', () => {
  const { status, stdout, stderr } = cli(['run', '-DSTATUS=7', hello, '-O9', '--virtual', 'x']);
  assert.equal(stderr, '');
  assert.equal(stdout, '-O9\n--virtual\nx\n');
  assert.equal(status, 7);
});

const leaver = write(
  'leaver.c',
  `#include <gevent.h>
#include <stdio.h>
#include <stdlib.h>

static int run(void *value, void **result) {
    (void)value, (void)result;
    gevent_sleep(0.01);
    puts("finished");
    if (AT == 2) exit(4);
    return GREENLET_OK;
}

int main(void) {
    gevent_spawn(run, NULL, NULL);
    gevent_yield();
    if (AT == 1) exit(3);
    return 5;
}
`,
);

test('run --until-idle lets what main has left finish, unless the program exits', () => {
  const leave = (/** @type {string[]} */ ...args) => cli(['run', ...args, leaver]);
  assert.deepEqual(leave('-DAT=0'), { status: 5, stdout: '', stderr: '' });
  assert.deepEqual(leave('--until-idle', '-DAT=0'), { status: 5, stdout: 'finished\n', stderr: '' });
  assert.deepEqual(leave('--until-idle', '-DAT=1'), { status: 3, stdout: '', stderr: '' });
  assert.deepEqual(leave('--until-idle', '-DAT=2'), { status: 4, stdout: 'finished\n', stderr: '' });
});

test('run says where imports come from, and which calls have led to a trap', () => {
  const asker = write(
    'asker.c',
    '#include <gevent.h>\nGEVENT_IMPORT(void, host, ask)\nint main(void) { return ask(); }\n',
  );
  const asked = cli(['run', asker]);
  assert.match(
    asked.stderr,
    /^greenlet-wasm: options\.imports\.host\.ask: expected a function.*--imports FILE\.js/,
  );
  assert.equal(asked.status, 1);
  const faulty = write('faulty.c', 'int main(void) { __builtin_trap(); }\n');
  const trapped = cli(['run', faulty]);
  assert.match(
    trapped.stderr,
    /^greenlet-wasm: TrapError: the module trapped in 'main': .*\n +at \w+ \(wasm:/,
  );
  assert.equal(trapped.status, 134);
});

test('build writes a module that run takes', () => {
  assert.deepEqual(cli(['build', hello, '-D', 'STATUS=0', '-O1', '-o', 'out.wasm']), {
    status: 0,
    stdout: '',
    stderr: '',
  });
  assert.deepEqual(cli(['run', 'out.wasm', 'again']), { status: 0, stdout: 'again\n', stderr: '' });
});

test('build names the module after its first source', () => {
  assert.equal(cli(['build', '-DSTATUS=0', hello]).status, 0);
  assert.ok(WebAssembly.validate(readFileSync(join(folder, 'hello.wasm'))));
});

test('a compile error is shown as it is, without a stack of ours', () => {
  const { status, stderr } = cli([
    'build',
    write('wrong.c', 'int main(void) { return x; }\n'),
    '-o',
    'no.wasm',
  ]);
  assert.equal(status, 1);
  assert.match(stderr, /^wrong\.c:1:25: error: /);
  assert.match(stderr, /\ngreenlet-wasm: wrong\.c did not compile\n$/);
  assert.ok(!existsSync(join(folder, 'no.wasm')));
});

const misuses = [
  { args: ['bild'], says: "there is no command 'bild'; there are build, run, types, flags, doctor" },
  { args: ['build'], says: 'build needs a source file' },
  { args: ['run'], says: 'run needs a file: a .c, a .cpp or a .wasm' },
  { args: ['build', '--stripp', 'a.c'], says: "Unknown option '--stripp'" },
  { args: ['run', '--stack', '5x', 'a.c'], says: "--stack takes a size such as 65536, 64K or 1M, not '5x'" },
  { args: ['build', 'a.c', '-o'], says: '-o needs a value after it' },
  { args: ['run', 'none.wasm'], says: 'there is no file none.wasm' },
];

for (const { args, says } of misuses) {
  test(`misuse is named: ${args.join(' ')}`, () => {
    const { status, stdout, stderr } = cli(args);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.equal(stderr, `greenlet-wasm: ${says}\nTry 'greenlet-wasm --help'.\n`);
  });
}

test('a cache that is no folder is named, without a stack of ours', () => {
  const { status, stderr } = cli(['build', hello], { env: { GREENLET_WASM_CACHE: '/dev/null' } });
  assert.match(
    stderr,
    /^greenlet-wasm: cannot write to \/dev\/null: .*\nGREENLET_WASM_CACHE names another folder/,
  );
  assert.doesNotMatch(stderr, /^ {4}at /m);
  assert.equal(status, 1);
});

test('help and version', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  assert.equal(cli(['--version']).stdout, `${version}\n`);
  assert.match(cli(['--help']).stdout, /usage: greenlet-wasm build/);
  assert.equal(cli([]).stdout, cli(['--help']).stdout);
});

test('doctor reports for people and for programs', () => {
  const { status, stdout } = cli(['doctor']);
  assert.equal(status, 0);
  assert.match(stdout, /→ .*\n/);
  const report = JSON.parse(cli(['doctor', '--json']).stdout);
  assert.deepEqual(report.missing, []);
  assert.equal(report.binaryen.installed, report.binaryen.wanted);
});

test('without its peers it says what to install', () => {
  const lonely = join(folder, 'lonely');
  for (const part of ['js', 'src', 'wasm', 'package.json']) {
    cpSync(join(root, part), join(lonely, part), { recursive: true });
  }
  const how = { cli: join(lonely, 'js', 'cli.js'), env: { CLANG: '', WASI_SDK_PATH: '' } };
  const install = /\n {2}npm install --save-dev @yowasp\/clang@\S+ binaryen@\S+\n/;
  const built = cli(['build', hello], how);
  assert.equal(built.status, 1);
  assert.match(built.stderr, /@yowasp\/clang is not installed/);
  assert.match(built.stderr, install);
  const { status, stdout } = cli(['doctor'], how);
  assert.equal(status, 1);
  assert.match(stdout, install);
});

test('types, and build --types, declare what a module exports', () => {
  const source = write(
    'door.c',
    '#include <gevent.h>\nint one(int32_t *result) { *result = 1; return 0; }\nGEVENT_EXPORT(i32, one)\n',
  );
  const quiet = { status: 0, stdout: '', stderr: '' };
  assert.deepEqual(cli(['build', source, '--types', '-o', 'door.wasm']), quiet);
  const text = readFileSync(join(folder, 'door.d.ts'), 'utf8');
  assert.match(
    text,
    /^\/\/ Generated from door\.wasm .*\n {2}exports: \{\n {4}one: \(\) => number;\n {2}\};/s,
  );
  assert.deepEqual(cli(['types', 'door.wasm', '-o', 'other.d.ts']), quiet);
  assert.equal(readFileSync(join(folder, 'other.d.ts'), 'utf8'), text);
});

test('types refuses what is no such module, and what it cannot write', () => {
  writeFileSync(join(folder, 'foreign.wasm'), Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const cases = [
    { args: ['types'], status: 2, says: /types needs one \.wasm file/ },
    { args: ['types', 'nowhere.wasm'], status: 2, says: /there is no file nowhere\.wasm/ },
    { args: ['types', 'foreign.wasm'], status: 1, says: /foreign\.wasm: .*was not built with/ },
    { args: ['types', hello], status: 1, says: /hello\.c: / },
    { args: ['types', 'door.wasm', '-o', 'no/door.d.ts'], status: 1, says: /cannot write no\/door\.d\.ts/ },
  ];
  for (const { args, status, says } of cases) {
    const result = cli(args);
    assert.equal(result.status, status, args.join(' '));
    assert.match(result.stderr, says);
    assert.doesNotMatch(result.stderr, /\n {4}at /);
    assert.ok(!existsSync(join(folder, 'foreign.d.ts')));
  }
});
