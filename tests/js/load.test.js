import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { build } from '../../js/build/index.js';
import { load } from '../../js/index.js';
import { compileProgram } from './program.js';

const source = new URL('programs/contract.c', import.meta.url).pathname;
const { wasm } = await build({ sources: [source] });
const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (wasm);

/** @param {Uint8Array<ArrayBuffer>} body @param {string} type */
function respond(body, type) {
  return new Response(body, { headers: { 'content-type': type } });
}

/** @param {import('../../js/compile.js').Source} from */
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

test('loads from a path, a file URL and an http URL', async (t) => {
  const path = join(tmpdir(), `greenlet-load-${process.pid}.wasm`);
  writeFileSync(path, bytes);
  await check(path);
  await check(pathToFileURL(path));
  const server = createServer((request, response) => {
    if (request.url !== '/app.wasm') return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'application/wasm' }).end(bytes);
  });
  t.after(() => server.close());
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await check(`http://127.0.0.1:${port}/app.wasm`);
  await assert.rejects(load(`http://127.0.0.1:${port}/other.wasm`), /cannot load .*other\.wasm: 404/);
});

test('refuses what is no module, and what is no source', async () => {
  await assert.rejects(load(new Uint8Array([1, 2, 3])), { name: 'ModuleError', code: 'GREENLET_EMODULE' });
  await assert.rejects(load(/** @type {any} */ (42)), /load: expected a URL, a path, a Response, bytes/);
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
  const copy = Buffer.from(module);
  const at = copy.lastIndexOf(name);
  copy.write('x', at, 'latin1');
  const content = Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from(text)]);
  const header = Buffer.from([0, (content.length & 0x7f) | 0x80, content.length >> 7]);
  return new Uint8Array(Buffer.concat([copy, header, content]));
}
