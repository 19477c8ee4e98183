// WebSockets of C, against a server on this machine.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';

import { load } from '../../js/index.js';
import { webSocketImports } from '../../js/modules/websocket.js';
import { compileProgram, reasonOf } from './program.js';

const ws = new URL('../engines/node_modules/ws/wrapper.mjs', import.meta.url);
const skip = !existsSync(ws) && 'tests/engines has not been installed: npm ci --prefix tests/engines';
const { WebSocket, WebSocketServer } = skip ? /** @type {any} */ ({}) : await import(ws.href);

/** @type {any} */ let server;
/** @type {string} */ let origin;

/** @type {Record<string, (socket: any) => void>} what a path does with a client */
const pages = {
  '/echo': (socket) =>
    socket.on('message', (/** @type {Buffer} */ data, /** @type {boolean} */ isBinary) =>
      socket.send(data, { binary: isBinary }),
    ),
  '/three': (socket) => {
    for (const text of ['one', 'two', 'three']) socket.send(text);
    socket.close(1000);
  },
  '/cut': (socket) => socket.send('one', () => socket.terminate()),
  '/silent': () => {},
};

before(async () => {
  if (skip) return;
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (/** @type {any} */ socket, /** @type {any} */ { url }) => pages[url](socket));
  await once(server, 'listening');
  origin = `ws://127.0.0.1:${server.address().port}`;
});

after(() => server?.close());

const classes = [{ name: "the package's", class: WebSocket }];
if (globalThis.WebSocket) classes.push({ name: "the host's", class: globalThis.WebSocket });

for (const { name, class: WebSocket } of classes) {
  describe(`a WebSocket in C: ${name}`, { skip }, () => {
    const open = async () =>
      load(await compileProgram('websocket.c'), { imports: webSocketImports({ WebSocket }) });

    it('sends and gets text and bytes', async () => {
      const app = await open();
      assert.equal(await app.call('chat', `${origin}/echo`, 3), 'text 0;text 1;text 2;');
      const bytes = new Uint8Array([0, 1, 255]);
      assert.deepEqual(await app.call('mirror', `${origin}/echo`, bytes), bytes);
    });

    it('ends when the other side closes, and fails when it breaks', async () => {
      const app = await open();
      assert.equal(await app.call('listen_to', `${origin}/three`), 3);
      const cut = await reasonOf(app.call('listen_to', `${origin}/cut`));
      assert.equal(cut.code, 'GREENLET_ENETWORK');
      assert.match(cut.message, /the connection has broken \(1006\)/);
    });

    it('names a connection that is refused', async () => {
      const app = await open();
      const refused = await reasonOf(app.call('listen_to', 'ws://127.0.0.1:1/'));
      assert.equal(refused.code, 'GREENLET_ENETWORK');
    });

    it('is closed when its reader is killed', async () => {
      const app = await open();
      const connected = once(server, 'connection');
      const task = app.spawn('listen_to', `${origin}/silent`);
      const [socket] = await connected;
      const closed = once(socket, 'close');
      task.kill(new Error('enough'));
      assert.equal((await reasonOf(task)).message, 'enough');
      await closed;
    });
  });
}

it('says what to do where there is no WebSocket', async () => {
  const imports = webSocketImports({ WebSocket: null });
  const app = await load(await compileProgram('websocket.c'), { imports });
  const error = await reasonOf(app.call('listen_to', 'ws://127.0.0.1:1/'));
  assert.match(error.message, /this host has no WebSocket: give webSocketImports one/);
});
