import { load } from '../../../js/index.js';
import { assert, compileProgram, host, readProgram, reasonOf, serve, test } from '../harness/index.js';

const bytes = await readProgram({ source: 'contract.c' });

/** @param {Uint8Array<ArrayBuffer>} body @param {string} type */
function respond(body, type) {
  return new Response(body, { headers: { 'content-type': type } });
}

/** @param {import('../../../js/compile.js').Source} from */
async function check(from) {
  const app = await load(from);
  assert.equal(app.callSync('code_name', -1), 'GREENLET_ENOMEM');
}

test('loads from bytes, a buffer, a module, a Response and a promise of one', async () => {
  await check(bytes);
  await check(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  await check(await compileProgram('contract.c'));
  await check(respond(bytes, 'application/wasm'));
  await check(Promise.resolve(respond(bytes, 'application/octet-stream')));
});

test('loads from a path and a file URL', { skip: host.isBrowser && 'no files' }, async (t) => {
  const [{ rm, writeFile }, { tmpdir }] = await Promise.all([import('node:fs/promises'), import('node:os')]);
  const path = `${tmpdir()}/greenlet-load-${process.pid}.wasm`;
  t.after(() => rm(path));
  await writeFile(path, bytes);
  await check(path);
  await check(new URL(`file://${path}`));
});

test('loads from an http URL, whatever type it is served as', async (t) => {
  const origin = await serve(t);
  await check(`${origin}/answers/module`);
  await check(new URL(`${origin}/answers/octets`));
  await check(fetch(`${origin}/answers/module`));
});

test('names a URL that there is not, a page in place of a module, and a module that was cut off', async (t) => {
  const origin = await serve(t);
  const cases = /** @type {[string, RegExp][]} */ ([
    ['missing', /^cannot load http:.*\/answers\/missing: 404/],
    ['page', /^cannot load http:.*\/answers\/page: it is text\/html, not a WebAssembly module$/],
    [
      'truncated',
      /^cannot load http:.*\/answers\/truncated: not a WebAssembly module that this engine can compile$/,
    ],
  ]);
  for (const [name, message] of cases) {
    for (const source of [`${origin}/answers/${name}`, fetch(`${origin}/answers/${name}`)]) {
      const error = await reasonOf(load(source));
      assert.equal(error.name, 'ModuleError');
      assert.equal(error.code, 'GREENLET_EMODULE');
      assert.match(error.message, message);
    }
  }
});

test('refuses what is no module, and what is no source', async () => {
  await assert.rejects(load(new Uint8Array([1, 2, 3])), { name: 'ModuleError', code: 'GREENLET_EMODULE' });
  await assert.rejects(load(/** @type {any} */ (42)), /load: expected a URL, path, Response, bytes/);
});

test('refuses options that are none, by name', async () => {
  const refusal = {
    name: 'TypeError',
    message: /^load: there is no option 'mainstack'; there are .*mainStack/,
  };
  await assert.rejects(load(bytes, /** @type {any} */ ({ mainstack: 65536 })), refusal);
});

test('refuses a module that was not built with the command', async () => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  await assert.rejects(load(empty), (/** @type {any} */ error) => {
    assert.equal(error.code, 'GREENLET_EMODULE');
    assert.match(error.message, /was not built with `greenlet-wasm build`/);
    return true;
  });
});

test('refuses a module of another version', async () => {
  const record = { version: '9.9.9', abi: 999, compiler: 'x', debug: false, stackCheck: true };
  const altered = replaceSection(bytes, 'greenlet.build', JSON.stringify(record));
  await assert.rejects(load(altered), (/** @type {any} */ error) => {
    assert.equal(error.code, 'GREENLET_EABI');
    assert.match(error.message, /was built by greenlet-wasm 9\.9\.9 \(ABI 999\)/);
    return true;
  });
});

/**
 * The module with another text in a custom section: the old one is renamed, the new one appended.
 *
 * @param {Uint8Array<ArrayBuffer>} module
 * @param {string} name
 * @param {string} text
 */
function replaceSection(module, name, text) {
  const encoder = new TextEncoder();
  const copy = new Uint8Array(module); // a Buffer's slice would be the same bytes
  const at = String.fromCharCode(...copy.subarray(-4096)).lastIndexOf(name) + copy.length - 4096;
  copy.set(encoder.encode('x'), at);
  const content = [name.length, ...encoder.encode(name), ...encoder.encode(text)];
  const header = [0, (content.length & 0x7f) | 0x80, content.length >> 7];
  return new Uint8Array([...copy, ...header, ...content]);
}

test('names an option whose value does not fit', async () => {
  const wrong = [
    [{ clock: 'virtuel' }, /^clock: expected 'real' or 'virtual', got the string virtuel/],
    [{ slice: NaN }, /^slice: expected milliseconds/],
    [{ stdout: {} }, /^stdout: expected a function, got an object of class Object/],
    [{ stdin: 5 }, /^stdin: expected a function, a ReadableStream or an async iterable, got the number 5/],
    [{ args: 5 }, /^args: expected an array of strings, got the number [57]/],
    [{ env: 7 }, /^env: expected an object of strings, got the number [57]/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(load(bytes, /** @type {any} */ (options)), (/** @type {any} */ error) => {
      assert.equal(error.name, 'TypeError');
      assert.match(error.message, /** @type {RegExp} */ (message));
      return true;
    });
  }
});
