// What C does with the host's fetch, against a server on this machine.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { load, NetworkError } from '../../js/index.js';
import { fetchImports } from '../../js/modules/fetch.js';
import { compileProgram, reasonOf } from './program.js';

/** @type {import('node:http').Server} */ let server;
/** @type {string} */ let origin;
/** @type {import('../../js/app.js').App} */ let app;

/** Says each time that C begins to read. */
const reads = new EventEmitter();

function countingImports() {
  const imports = fetchImports();
  const { gevent_stream_read_bytes: read } = imports.gevent_streams;
  imports.gevent_streams.gevent_stream_read_bytes = (...args) => {
    const bytes = read(...args);
    reads.emit('read');
    return bytes;
  };
  return imports;
}

/** @type {Record<string, import('node:http').RequestListener>} */
const pages = {
  '/lines': (_, response) => {
    for (let i = 0; i < 1000; i++) response.write(`line ${i}\n`);
    response.end();
  },
  '/endless': (_, response) => void response.write('hello, world'),
  '/silent': () => {},
  '/missing': (_, response) => response.writeHead(404, { 'x-why': 'no such page' }).end(),
  '/broken': (_, response) => {
    response.write('one\n', () => response.destroy());
  },
  '/echo': (request, response) => void request.pipe(response),
};

before(async () => {
  server = createServer((request, response) => pages[request.url ?? '']?.(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${/** @type {any} */ (server.address()).port}`;
  app = await load(await compileProgram('fetch.c'), { imports: countingImports() });
});

after(() => {
  server.closeAllConnections();
  server.close();
});

/** @param {string} url @returns {Promise<import('node:http').ServerResponse>} that of its next request */
async function nextResponse(url) {
  for (;;) {
    const [request, response] = await once(server, 'request');
    if (request.url === url) return response;
  }
}

describe('fetch in C', () => {
  it('streams a body, and knows status and headers', async () => {
    assert.equal(await app.call('lines_at', `${origin}/lines`), 1000);
    assert.equal(await app.call('status_at', `${origin}/missing`), 404);
    assert.equal(await app.call('header_at', `${origin}/missing`, 'X-Why'), 'no such page');
    assert.equal(await app.call('header_at', `${origin}/missing`, 'X-None'), '');
  });

  it('sends a body that another task writes', async () => {
    const init = { method: 'POST', headers: { 'content-type': 'text/plain' } };
    assert.equal(await app.call('post_parts', `${origin}/echo`, init), 3);
  });

  it('runs a hundred at once', async () => {
    const calls = Array.from({ length: 100 }, () => app.call('lines_at', `${origin}/lines`));
    assert.deepEqual(new Set(await Promise.all(calls)), new Set([1000]));
  });

  it('closes the connection of a body that it does not read to its end', async () => {
    const response = nextResponse('/endless');
    assert.equal(await app.call('first_bytes', `${origin}/endless`), 'hello, ');
    const closed = await response;
    if (!closed.closed) await once(closed, 'close');
  });

  for (const [what, url, begun] of /** @type {const} */ ([
    ['before the headers', '/silent', 0],
    ['in the body', '/endless', 2],
  ])) {
    it(`closes the connection when it is killed ${what}`, async () => {
      const controller = new AbortController();
      const response = nextResponse(url);
      const task = app.spawn('lines_at', `${origin}${url}`, { signal: controller.signal });
      for (let i = 0; i < begun; i++) await once(reads, 'read');
      const closed = once(await response, 'close');
      controller.abort(new Error('enough'));
      assert.equal((await reasonOf(task)).message, 'enough');
      await closed;
    });
  }

  it('names what the network has done', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = /** @type {any} */ (free.address());
    free.close();
    await once(free, 'close');
    const refused = await reasonOf(app.call('lines_at', `http://127.0.0.1:${port}/`));
    assert.ok(refused instanceof NetworkError);
    assert.equal(refused.code, 'GREENLET_ENETWORK');
    assert.match(refused.message, /ECONNREFUSED 127\.0\.0\.1/);
    const unknown = await reasonOf(app.call('lines_at', 'http://nowhere.invalid/'));
    assert.equal(unknown.code, 'GREENLET_ENETWORK');
    assert.match(unknown.message, /nowhere\.invalid/);
    assert.equal(await app.call('code_at', 'http://nowhere.invalid/'), -41);
    const broken = await reasonOf(app.call('lines_at', `${origin}/broken`));
    assert.equal(broken.code, 'GREENLET_ENETWORK');
  });

  it('is asked only for what the program uses', async () => {
    const module = await compileProgram('fetch.c');
    const names = WebAssembly.Module.imports(module).filter(({ module }) => module === 'gevent');
    assert.deepEqual(names.map(({ name }) => name).sort(), [
      'gevent_fetch.gevent_fetch',
      'gevent_fetch.gevent_fetch_header',
      'gevent_fetch.gevent_fetch_status',
      'gevent_fetch.gevent_fetch_with',
      'gevent_streams.gevent_stream_end',
      'gevent_streams.gevent_stream_pipe',
      'gevent_streams.gevent_stream_put_bytes',
      'gevent_streams.gevent_stream_read_bytes',
    ]);
  });
});
