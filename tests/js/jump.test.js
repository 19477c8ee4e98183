// setjmp and longjmp, as each compiler builds them, and what becomes of jumps that lead nowhere. What jumps do when
// greenlets park is in tests/conformance/test_jump.c.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';

import { build } from '../../js/build/index.js';
import { surveyToolchains } from '../../js/build/toolchain.js';
import { commandIn } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'greenlet-jump-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const cli = commandIn(folder);

/** @param {string} name @param {string} body */
function write(name, body) {
  writeFileSync(join(folder, name), `#include <gevent.h>\n#include <setjmp.h>\n#include <stdio.h>\n${body}`);
  return name;
}

const parked = write(
  'parked.c',
  `static void jump(jmp_buf place, int value) { gevent_sleep(0.01); longjmp(place, value); }
static int run(void *argument, void **result) {
    (void)result;
    jmp_buf place;
    int value = setjmp(place);
    if (value == 0) jump(place, *(int *)argument);
    printf("caught %d\\n", value);
    return 0;
}
int main(void) {
    int values[] = {3, 4};
    gevent_task_t *tasks[2];
    for (int i = 0; i < 2; i++) if (gevent_spawn(run, &values[i], &tasks[i]) < 0) return 1;
    return gevent_run();
}
`,
);

const foreign = write(
  'foreign.c',
  `static jmp_buf place;
static int run(void *argument, void **result) { (void)argument, (void)result; longjmp(place, 1); }
int main(void) {
    gevent_task_t *task;
    if (setjmp(place) || gevent_spawn(run, NULL, &task) < 0) return 1;
    return gevent_join(task, GEVENT_FOREVER);
}
`,
);

const stale = write(
  'stale.c',
  `static jmp_buf place;
static void set(void) { if (setjmp(place) == 0) puts("set"); }
int main(void) { set(); longjmp(place, 1); }
`,
);

for (const found of await surveyToolchains()) {
  if (!('toolchain' in found)) continue;
  const { toolchain } = found;
  for (const flag of ['-O0', '-O2']) {
    it(`is built by ${toolchain.name} ${toolchain.version} at ${flag}`, async () => {
      const output = join(folder, 'parked.wasm');
      await build({ sources: [parked], cwd: folder, flags: [flag], toolchain, output });
      assert.deepEqual(cli(['run', 'parked.wasm']), {
        status: 0,
        stdout: 'caught 3\ncaught 4\n',
        stderr: '',
      });
    });
  }
}

it('takes the flags that other compilers need', () => {
  const { stdout } = cli(['run', '-mllvm', '-wasm-enable-sjlj', '-lsetjmp', parked]);
  assert.equal(stdout, 'caught 3\ncaught 4\n');
});

it('refuses the newer form of exceptions', async () => {
  const flags = ['-mllvm', '-wasm-use-legacy-eh=false'];
  await assert.rejects(build({ sources: [parked], cwd: folder, flags }), {
    code: 'EFLAG',
    message: /^-wasm-use-legacy-eh=false cannot be used: .* older form/,
  });
});

for (const host of ['javascript', 'wasi']) {
  describe(`a jump that leads nowhere, on ${host}`, () => {
    it('names the greenlet, if setjmp was called in another', () => {
      const { status, stderr } = cli(['run', '--host', host, foreign]);
      assert.match(stderr, /longjmp in 'greenlet-\d+' to a place that setjmp has not set there/);
      assert.notEqual(status, 0);
    });

    it('says so, if the function has returned', () => {
      const { status, stdout, stderr } = cli(['run', '--host', host, stale]);
      assert.equal(stdout, 'set\n');
      assert.match(stderr, /to a function that has returned/);
      assert.equal(status, 134);
    });
  });
}
