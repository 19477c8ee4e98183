// What C does with net, tls, dns and streams of Node.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';

import { load, NetworkError } from '../../js/index.js';
import { dnsImports } from '../../js/modules/dns.js';
import { netImports } from '../../js/modules/net.js';
import { nodeStreamImports } from '../../js/modules/node-streams.js';
import { tlsImports } from '../../js/modules/tls.js';
import { compileProgram, reasonOf, settle } from './program.js';

async function loadNet() {
  /** @type {(port: number) => void} */ let tell = () => {};
  const port = new Promise((resolve) => void (tell = resolve));
  const imports = { ...netImports(), ...tlsImports(), ...dnsImports(), ...nodeStreamImports() };
  const host = { listens_at: (/** @type {number} */ n) => tell(n) };
  const app = await load(await compileProgram('net.c'), { imports: { ...imports, host } });
  return { app, port };
}

/** @param {import('node:test').TestContext} t @param {(socket: net.Socket) => void} serve */
async function startServer(t, serve) {
  const server = net.createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return /** @type {net.AddressInfo} */ (server.address()).port;
}

/** A key and a certificate that it has signed itself, in PEM. */
function makeCertificate() {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const how = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  try {
    execFileSync('openssl', [...how, ...subject, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('net in C', () => {
  it('serves clients at once, and asks servers', async () => {
    const { app, port } = await loadNet();
    const served = app.call('serve', 3);
    const clients = await Promise.all([1, 2].map(async () => net.connect(await port, '127.0.0.1')));
    for (const [i, client] of clients.entries()) client.write(`hello ${i}`);
    for (const client of clients) client.end('!');
    assert.deepEqual(await Promise.all(clients.map((client) => text(client))), ['hello 0!', 'hello 1!']);
    assert.equal(await app.call('ask_at', await port, 'and C?'), 'and C?');
    await served;
    await app.drain();
  });

  it('knows what the network has done', async (t) => {
    const { app } = await loadNet();
    const port = await startServer(t, (socket) => void socket.resetAndDestroy());
    const unused = await startServer(t, () => {});
    const refused = await reasonOf(app.call('connect_to', '127.0.0.1', 1));
    assert.ok(refused instanceof NetworkError);
    assert.match(refused.message, /ECONNREFUSED 127\.0\.0\.1:1$/);
    const unknown = await reasonOf(app.call('connect_to', 'nowhere.invalid', unused));
    assert.match(unknown.message, /nowhere\.invalid/);
    const reset = await reasonOf(app.call('read_from', port));
    assert.equal(reset.code, 'GREENLET_ENETWORK');
    assert.match(reset.message, /ECONNRESET/);
  });

  it('closes the connection of a call that is killed while it reads', async (t) => {
    const { app } = await loadNet();
    /** @type {(socket: net.Socket) => void} */ let tell = () => {};
    const accepted = new Promise((resolve) => void (tell = resolve));
    const port = await startServer(t, (socket) => tell(socket));
    const controller = new AbortController();
    const task = app.spawn('read_from', port, { signal: controller.signal });
    const socket = /** @type {net.Socket} */ (await accepted);
    const closed = new Promise((resolve) =>
      socket
        .on('close', resolve)
        .on('error', () => {})
        .resume(),
    );
    await settle();
    controller.abort(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
    await closed;
  });

  it('closes the server and who waits there, when its call ends', async () => {
    const { app, port } = await loadNet();
    const controller = new AbortController();
    const task = app.spawn('serve', 1, { signal: controller.signal });
    await port;
    controller.abort(new Error('closing time'));
    assert.equal((await reasonOf(task)).message, 'closing time');
    await settle();
    const late = net.connect(await port, '127.0.0.1');
    const [error] = await once(late, 'error');
    assert.equal(error.code, 'ECONNREFUSED');
  });
});

describe('tls in C', () => {
  it('serves and asks over a connection that is encrypted, and trusts not everybody', async () => {
    const { app, port } = await loadNet();
    const { key, cert } = makeCertificate();
    const served = app.call('serve_tls', { key, cert });
    const stranger = await reasonOf(app.call('ask_tls_at', await port, { servername: 'localhost' }));
    assert.equal(stranger.code, 'GREENLET_ENETWORK');
    assert.match(stranger.message, /self.signed certificate/);
    const options = { ca: cert, servername: 'localhost' };
    assert.equal(await app.call('ask_tls_at', await port, options), 6);
    await served;
  });
});

describe('dns in C', () => {
  it('looks names up', async () => {
    const { app } = await loadNet();
    const addresses = await app.call('look_up', 'localhost');
    assert.deepEqual(addresses, [{ address: '127.0.0.1', family: 4 }]);
    const unknown = await reasonOf(app.call('look_up', 'nowhere.invalid'));
    assert.equal(unknown.code, 'GREENLET_ENETWORK');
    assert.match(unknown.message, /nowhere\.invalid/);
  });

  it('gives a question up when it is killed', async () => {
    const { app } = await loadNet();
    const task = app.spawn('resolve', 'nowhere.invalid');
    task.kill(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
  });
});

describe('streams of Node in C', () => {
  it('are read and written', async () => {
    const { app } = await loadNet();
    const out = new PassThrough();
    const [copied] = await Promise.all([
      text(out),
      app.call('copy', Readable.from(['hello, ', 'world']), out),
    ]);
    assert.equal(copied, 'hello, world');
  });

  it('fail as they do, and are destroyed when C has done with them', async () => {
    const { app } = await loadNet();
    const broken = new Readable({ read: () => void broken.destroy(new Error('the tape is torn')) });
    const out = new PassThrough();
    assert.equal((await reasonOf(app.call('copy', broken, out))).message, 'the tape is torn');
    await settle();
    assert.ok(out.destroyed);
  });
});
