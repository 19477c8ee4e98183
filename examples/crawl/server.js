// The site that examples/crawl.c crawls: the HTML documentation of a few npm packages, on the
// loopback interface, with a latency that depends on the path only and with faults of every kind.
// Whoever crawls it twice sees the same twice.

import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const packages = ['cannon', 'p2', 'poly-decomp'];
const entries = ['index.html', 'docs/index.html', 'demos/', 'examples/canvas/'];
const missing = ['/missing.html', '/cannon/docs/classes/Anvil.html', '/nowhere/at/all'];
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.json', 'application/json'],
  ['.md', 'text/plain'],
  ['.png', 'image/png'],
]);

/**
 * @typedef {object} Options
 * @property {number} [port] 0, the default: any free one
 * @property {readonly [number, number]} [latency] of a page: least and most, in milliseconds
 * @property {number} [slow] latency of the pages that are too slow, in milliseconds
 */

/**
 * @typedef {object} Site
 * @property {string} url of the start page
 * @property {Map<string, number>} hits path and query of every request, and how often it came
 * @property {() => number} peak most requests that were under way at once
 * @property {() => Promise<void>} close ends the server and all its connections
 */

/**
 * @typedef {object} Exchange
 * @property {import('node:http').ServerResponse} response
 * @property {AbortSignal} gone aborts when the client has left
 * @property {number} slow
 */

/** @typedef {(exchange: Exchange) => void | Promise<void>} Answer */

/**
 * Starts the site.
 * @param {Options} [options]
 * @returns {Promise<Site>}
 */
export async function serve({ port = 0, latency = [5, 40], slow = 30_000 } = {}) {
  const routes = await makeRoutes();
  /** @type {Map<string, number>} */
  const hits = new Map();
  let peak = 0;
  let active = 0;

  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const left = new AbortController();
    hits.set(path, (hits.get(path) ?? 0) + 1);
    peak = Math.max(peak, ++active);
    response.on('close', () => {
      active--;
      left.abort();
    });
    try {
      await answer(path, { response, gone: left.signal, slow });
    } catch (error) {
      if (left.signal.aborted) return;
      if (response.headersSent) response.destroy();
      else send(response, String(error), 'text/plain', 500);
    }
  });

  /** @param {string} path @param {Exchange} exchange */
  async function answer(path, exchange) {
    const route = routes.get(path);
    if (route) return route(exchange);
    await sleep(latencyOf(path, latency), undefined, { signal: exchange.gone });
    await sendFile(path, exchange);
  }

  // An idle connection that the server closes while the client picks it for its next request would
  // be a fault that nobody planned.
  server.keepAliveTimeout = 0;
  await new Promise((done) => server.listen(port, '127.0.0.1', () => done(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());

  return {
    url: `http://127.0.0.1:${address.port}/`,
    hits,
    peak: () => peak,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

// ---- what is there ------------------------------------------------------------------------------

/** @returns {Promise<Map<string, Answer>>} the start page and the faults, by path */
async function makeRoutes() {
  const faults = makeFaults();
  const links = [...(await entryPages()), ...faults.keys(), ...missing];
  return faults.set('/', ({ response }) => send(response, page('Reading room', links)));
}

/** @returns {Map<string, Answer>} */
function makeFaults() {
  return new Map([
    ['/faults/slow?page=1', tooSlow],
    ['/faults/slow?page=2', tooSlow],
    ['/faults/slow?page=3', tooSlow],
    ['/faults/endless.html', endless],
    ['/faults/reset-at-once.html', reset(0)],
    ['/faults/reset-in-the-body.html', reset(8192)],
    ['/faults/moved.html', redirect(301, '/p2/docs/classes/World.html')],
    ['/faults/chain/1', redirect(302, '2')],
    ['/faults/chain/2', redirect(301, '/faults/chain/3#here')],
    ['/faults/chain/3', redirect(307, '/cannon/docs/classes/World.html?from=chain')],
    ['/faults/loop/1', redirect(302, '/faults/loop/2')],
    ['/faults/loop/2', redirect(302, '/faults/loop/1')],
    ['/faults/broken', ({ response }) => send(response, 'Out of order', 'text/plain', 500)],
    ['/faults/notes.txt', ({ response }) => send(response, trap, 'text/plain')],
    ['/faults/noise.bin', ({ response }) => send(response, noise(), 'application/octet-stream')],
    ['/faults/tangle.html', ({ response }) => send(response, tangle)],
  ]);
}

async function entryPages() {
  const found = [];
  for (const name of packages) {
    for (const entry of entries) {
      const path = `/${name}/${entry}`;
      if (await kindOf(path)) found.push(path);
    }
  }
  return found;
}

// ---- ordinary pages -----------------------------------------------------------------------------

/** @param {string} path @param {Exchange} exchange */
async function sendFile(path, { response }) {
  const [pathname] = path.split('?');
  const kind = await kindOf(pathname);
  if (kind === 'file') {
    return send(response, await readFile(fileOf(pathname)), types.get(extname(pathname)));
  }
  if (kind !== 'directory') return send(response, page('Not found', ['/']), undefined, 404);
  if (!pathname.endsWith('/')) return redirect(301, `${pathname}/`)({ response });
  const index = `${pathname}index.html`;
  if (await kindOf(index)) return send(response, await readFile(fileOf(index)));
  send(response, page(pathname, await pagesIn(pathname)));
}

/** @param {string} path @returns {Promise<'file' | 'directory' | undefined>} */
async function kindOf(path) {
  const found = fileOf(path) && (await stat(fileOf(path)).catch(() => undefined));
  if (!found) return undefined;
  return found.isDirectory() ? 'directory' : 'file';
}

/** @param {string} path @returns {string} where it lies, or '' if it is in none of the packages */
function fileOf(path) {
  const [, name, ...rest] = decodeURIComponent(path).split('/');
  if (!packages.includes(name) || rest.includes('..')) return '';
  return join(directoryOf(name), ...rest);
}

/** @param {string} name */
function directoryOf(name) {
  return fileURLToPath(new URL(`./node_modules/${name}/`, import.meta.url));
}

/** @param {string} directory */
async function pagesIn(directory) {
  const names = await readdir(fileOf(directory));
  return names.filter((name) => name.endsWith('.html')).sort();
}

/** @param {string} title @param {string[]} links */
function page(title, links) {
  const items = links.map((link) => `<li><a href="${link}">${link}</a></li>`);
  return `<!doctype html>\n<title>${title}</title>\n<ul>\n${items.join('\n')}\n</ul>\n`;
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {string | Uint8Array} body
 * @param {string} [type]
 * @param {number} [status]
 */
function send(response, body, type = types.get('.html'), status = 200) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length }).end(bytes);
}

/** The same for a path at all times, and spread over the range. FNV-1a.
 * @param {string} path @param {readonly [number, number]} latency */
function latencyOf(path, [least, most]) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(path)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return least + (hash % (most - least + 1));
}

// ---- faults -------------------------------------------------------------------------------------

/** @type {Answer} */
async function tooSlow({ response, gone, slow }) {
  await sleep(slow, undefined, { signal: gone });
  send(response, page('At last', ['/']));
}

/** @type {Answer} */
async function endless({ response, gone }) {
  response.writeHead(200, { 'content-type': 'text/html' });
  while (!gone.aborted) {
    response.write('<p>and another thing\n');
    await sleep(20, undefined, { signal: gone });
  }
}

/** @param {number} bytes what is sent before the connection breaks @returns {Answer} */
function reset(bytes) {
  return ({ response }) => {
    if (bytes === 0) return void response.destroy();
    response.writeHead(200, { 'content-type': 'text/html', 'content-length': 8 * bytes });
    response.write('lost '.repeat(bytes / 5), () => response.destroy());
  };
}

/** @param {number} status @param {string} location */
function redirect(status, location) {
  /** @param {{ response: import('node:http').ServerResponse }} exchange */
  return ({ response }) => void response.writeHead(status, { location }).end();
}

const trap = 'Not HTML, so <a href="/faults/trap.html">this</a> is not a link.\n';

/** Bytes of all values, and things that look like tags among them. */
function noise() {
  const bytes = Buffer.alloc(4096);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 167) & 0xff;
  bytes.write(trap, 1000);
  return bytes;
}

// What a scanner of bytes can get wrong. The links that count lead to pages that are there.
const tangle = `<!DOCTYPE html><title>Tangle</title>
<!-- <a href="/faults/trap.html">in a comment</a> -- > still -->
<script>if (1 <a) document.write('<a href="/faults/trap.html">');</SCRIPT >
<style>a::after { content: '<a href="/faults/trap.html">' }</style>
<abbr href="/faults/trap.html">not an anchor</abbr> 1 < 2, <3 &lt;a href="/faults/trap.html"&gt;
<A
  title="a > b" HREF = '/cannon/docs/../docs/./index.html'>dots, single quotes</A>
<a href=/p2/docs/index.html#top class=x>no quotes</a><a data-href="/faults/trap.html">another</a>
<a href="/cannon/docs/index.html?a=1&amp;b=2&#38;c=3">entities</a>
<a href="?page=1">only a query</a> <a href="#here">only a fragment</a> <a href="">empty</a>
<a href="//localhost:1/">other host</a> <a href="https://127.0.0.1/">other scheme</a>
<a href="mailto:nobody">mail</a> <a href="JavaScript:void(0)">script</a> <a name="here">none</a>
<a href="  ../poly-decomp/docs/index.html
">space around</a> <a href="/../../faults/tangle.html">above the root</a> caf\u00e9 \u4e2d\u6587
<a href="na me.html">a space</a> <a href="/faults/tangle.html" href="/faults/trap.html">twice</a>
<a href="/faults/moved.html?cut=off`;
