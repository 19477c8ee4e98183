import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { BuildError, build, instrument } from '../../js/build/index.js';
import { surveyToolchains } from '../../js/build/toolchain.js';
import { otherToolchains } from '../suites/toolchains.js';

/** @typedef {import('../../js/build/index.js').BuildOptions} BuildOptions */

const fixtures = fileURLToPath(new URL('../fixtures/build', import.meta.url));
const mini = ['mini_pause.c', 'mini_run.c'];
const toolchains = (await surveyToolchains()).flatMap((found) =>
  'toolchain' in found ? [found.toolchain] : [],
);

/** @type {string} */
let scratch;
before(() => {
  scratch = mkdtempSync(join(tmpdir(), 'greenlet-build-'));
});
after(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * Builds on the runtime of a few lines that lies with the fixtures.
 * @param {string} source
 * @param {Partial<BuildOptions>} [options]
 */
async function buildMini(source, options) {
  let said = '';
  const say = (/** @type {string} */ text) => void (said += text);
  const sources = [source, ...mini];
  const { wasm } = await build({ sources, cwd: fixtures, runtime: false, say, ...options });
  return { wasm, module: new WebAssembly.Module(/** @type {BufferSource} */ (wasm)), said };
}

/**
 * Runs a module's start(), and gives what it wrote.
 * @param {WebAssembly.Module} module
 */
function run(module) {
  let text = '';
  /** @type {any} */
  let exports;
  const fd_write = (/** @type {number[]} */ ...[, vectors, count, written]) => {
    const view = new DataView(exports.memory.buffer);
    let total = 0;
    for (let at = vectors; at < vectors + 8 * count; at += 8) {
      const bytes = new Uint8Array(view.buffer, view.getUint32(at, true), view.getUint32(at + 4, true));
      text += new TextDecoder().decode(bytes);
      total += bytes.length;
    }
    view.setUint32(written, total, true);
    return 0;
  };
  const known = { fd_write };
  const wasi = new Proxy(known, { get: (target, name) => Reflect.get(target, name) ?? (() => 8) });
  exports = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi }).exports;
  let error;
  try {
    exports.start();
  } catch (reason) {
    error = /** @type {Error} */ (reason);
  }
  return { text, error };
}

/** @param {Promise<unknown>} building */
async function failureOf(building) {
  const error = await building.then(
    () => assert.fail('it was built'),
    (reason) => reason,
  );
  assert.ok(error instanceof BuildError, String(error.stack));
  return error;
}

const programOutput = `\
paused
round 1: 20 frames
paused
round 2: 40 frames
paused
round 3: 60 frames
program: 3 pauses, 0.25
`;

for (const toolchain of toolchains) {
  describe(`${toolchain.name}: ${toolchain.version}`, () => {
    for (const level of ['-O0', '-O2', '-O3', '-Os']) {
      test(`a C program switches stacks at ${level}`, async () => {
        const { module, said } = await buildMini('program.c', { toolchain, flags: [level] });
        assert.deepEqual(run(module), { text: programOutput, error: undefined });
        assert.equal(said, '');
      });
    }

    test('C++ brings its library', async () => {
      const { module } = await buildMini('library.cpp', { toolchain });
      assert.equal(run(module).text, 'paused\npaused\npaused\ngreenlet 8\nhub 3\nswitch 6\n');
    });

    test('a stack that is too small ends in the handler', async () => {
      const { module } = await buildMini('overflow.c', { toolchain });
      const { text, error } = run(module);
      assert.equal(text, 'going down\nstack overflow: below\n');
      assert.match(String(error?.stack), /greenlet_wasm_stack_overflow/);
    });

    test('without the stack check nothing of it is left', async () => {
      const { module } = await buildMini('program.c', { toolchain, stackCheck: false });
      assert.equal(run(module).text, programOutput);
    });

    test('names are kept, unless stripped', async () => {
      const kept = await buildMini('program.c', { toolchain });
      const stripped = await buildMini('program.c', { toolchain, strip: true });
      assert.equal(WebAssembly.Module.customSections(kept.module, 'name').length, 1);
      assert.equal(WebAssembly.Module.customSections(stripped.module, 'name').length, 0);
      assert.equal(run(stripped.module).text, programOutput);
      assert.ok(stripped.wasm.length < kept.wasm.length);
    });

    test('records survive, and one says how the module was built', async () => {
      const { module } = await buildMini('record.c', { toolchain });
      assert.equal(section(module, 'greenlet'), 'first\0second\0');
      const record = JSON.parse(section(module, 'greenlet.build'));
      assert.equal(record.compiler, `${toolchain.name} ${toolchain.version}`);
      assert.equal(record.stackCheck, true);
      assert.equal(typeof record.abi, 'number');
    });

    test('no import of the build is left', async () => {
      const { module } = await buildMini('program.c', { toolchain });
      const from = new Set(WebAssembly.Module.imports(module).map((wanted) => wanted.module));
      assert.deepEqual([...from], ['wasi_snapshot_preview1']);
    });

    test('a compile error is shown as the compiler says it', async () => {
      let said = '';
      const say = (/** @type {string} */ text) => void (said += text);
      const error = await failureOf(buildMini('wrong.c', { toolchain, say }));
      assert.equal(error.code, 'ECOMPILE');
      assert.equal(error.message, 'wrong.c did not compile');
      assert.match(said, /^wrong\.c:2:12: error: use of undeclared identifier 'undeclared_name'\n/);
    });

    test('an undefined symbol is a link error', async () => {
      let said = '';
      const say = (/** @type {string} */ text) => void (said += text);
      const error = await failureOf(buildMini('undefined.c', { toolchain, say }));
      assert.equal(error.code, 'ELINK');
      assert.match(said, /error: .*undefined\.o: undefined symbol: nowhere_to_be_found/);
    });

    test('a warning is said again when the object comes from the cache', async () => {
      const flags = ['-Wall'];
      const first = await buildMini('warned.c', { toolchain, flags });
      const second = await buildMini('warned.c', { toolchain, flags });
      assert.match(first.said, /warned\.c:2:9: warning: unused variable 'unused'/);
      assert.equal(second.said, first.said);
    });

    test('includes are found through .., -I, -include and macros', async () => {
      const flags = ['-Iincludes/there', '-include', 'includes/forced.h', '-DCONFIG="config.h"'];
      const { module } = await buildMini('includes/here/main.c', { toolchain, flags });
      assert.equal(run(module).text, 'beside above there config forced\n');
    });

    test('a changed header is seen', async () => {
      const header = join(scratch, 'answer.h');
      const flags = ['-Imini', `-I${scratch}`, `-I${fixtures}`];
      for (const answer of [41, 42]) {
        writeFileSync(header, `#define ANSWER ${answer}\n`);
        const { module } = await buildMini('answer.c', { toolchain, flags });
        assert.equal(run(module).text, `${answer}\n`);
      }
    });

    test('the runtime compiles without a warning', async () => {
      const source = join(scratch, 'empty.c');
      writeFileSync(source, 'int main(void) { return 0; }\n');
      const { said } = await buildMini(source, { sources: [source], runtime: true, toolchain });
      assert.equal(said, '');
    });
  });
}

/**
 * @param {WebAssembly.Module} module
 * @param {string} name
 */
function section(module, name) {
  const [bytes] = WebAssembly.Module.customSections(module, name);
  return new TextDecoder().decode(bytes);
}

test('every compiler that is here was tried', (t) => {
  t.diagnostic(toolchains.map(({ name, version }) => `${name} ${version}`).join('; '));
  assert.ok(toolchains.some(({ name }) => name === 'npm'));
});

test('flags that cannot work are refused by name', async () => {
  for (const flag of ['-c', '-shared', '-flto', '--target=wasm64', '-I']) {
    const error = await failureOf(buildMini('program.c', { flags: [flag] }));
    assert.equal(error.code, 'EFLAG');
    assert.ok(error.message.startsWith(flag), error.message);
  }
});

test('files that are none of C are refused by name', async () => {
  assert.match((await failureOf(buildMini('program.rs'))).message, /program\.rs is neither C/);
  assert.match((await failureOf(buildMini('missing.c'))).message, /there is no file missing\.c/);
  assert.match((await failureOf(buildMini('missing.o'))).message, /there is no file .*missing\.o/);
});

test('a module that has no overflow handler is refused', async () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  const error = await failureOf(instrument(empty));
  assert.match(error.message, /does not export greenlet_wasm_stack_overflow/);
});

test('a compiler that is asked for by name is used or refused', async (t) => {
  t.after(() => delete process.env.CLANG);
  process.env.CLANG = '/no/such/clang';
  const error = await failureOf(buildMini('program.c'));
  assert.equal(error.code, 'ETOOLCHAIN');
  assert.match(error.message, /^CLANG=\/no\/such\/clang cannot be used: there is no program/);
  process.env.CLANG = process.execPath;
  assert.match((await failureOf(buildMini('program.c'))).message, /is not a clang/);
  process.env.CLANG = 'npm';
  assert.match(
    (await build({ sources: ['program.c', ...mini], cwd: fixtures, runtime: false })).compiler,
    /^npm /,
  );
});

test('a wasi-sdk that is none is refused', async (t) => {
  t.after(() => delete process.env.WASI_SDK_PATH);
  process.env.WASI_SDK_PATH = scratch;
  assert.match((await failureOf(buildMini('program.c'))).message, /^WASI_SDK_PATH=.* cannot be used/);
});

test('a sysroot that is asked for is used or refused', async (t) => {
  t.after(() => delete process.env.WASI_SYSROOT);
  process.env.WASI_SYSROOT = scratch;
  const survey = await surveyToolchains();
  assert.deepEqual(
    survey.filter((found) => 'toolchain' in found),
    [],
  );
  const npm = survey.find(({ name }) => name === '@yowasp/clang');
  assert.match(npm && 'reason' in npm ? npm.reason : '', /unset WASI_SYSROOT/);
});

const debian = otherToolchains.find(({ env }) => env.WASI_SYSROOT);
const withoutDebian = debian?.missing() ?? false;

test('what the C library of a sysroot lacks does not come from the machine', {
  skip: withoutDebian,
}, async (t) => {
  t.after(() => {
    delete process.env.CLANG;
    delete process.env.WASI_SYSROOT;
  });
  Object.assign(process.env, debian?.env);
  const source = join(scratch, 'foreign.c');
  writeFileSync(source, '#include <sys/epoll.h>\n');
  let said = '';
  const say = (/** @type {string} */ text) => void (said += text);
  await failureOf(build({ sources: [source], say }));
  assert.match(said, /'sys\/epoll\.h' file not found/);
});

test('a module goes into a folder that is there', async () => {
  const nowhere = join(fixtures, 'nowhere', 'app.wasm');
  await assert.rejects(build({ sources: ['x.c'], output: nowhere }), /there is no folder .*nowhere/);
});

test('exceptions are refused by name (WA-09, RE-04, RE-05)', async () => {
  for (const flag of ['-fexceptions', '-fwasm-exceptions'])
    await assert.rejects(build({ sources: ['x.cpp'], flags: [flag] }), /without exceptions/);
});
