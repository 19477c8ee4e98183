// Serves the project's modules and programs as any web server would, without headers that isolate a page, and answers
// of other kinds that `load` has to cope with.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

/**
 * @import { IncomingMessage, ServerResponse } from 'node:http'
 *
 * @typedef {{ status?: number, type: string, body: string | Uint8Array, policy?: string }} Answer policy: another than
 *   the server's own; none if it is empty
 *
 * @typedef {object} Server
 * @property {string} origin
 * @property {() => Report} expectReport a new one, for whoever names it when it posts
 * @property {() => void} close
 *
 * @typedef {(url: URL) => Promise<Answer | undefined>} Answering what else a server has; nothing: it has not
 */

const root = new URL('../../../', import.meta.url);
const SERVED = /^\/(js|tests\/js|tests\/playground|tests\/conformance|build\/js|build\/wasm)\/[\w./-]+$/;
const TYPES = /** @type {Record<string, string>} */ ({
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});

/** What the server says with each answer: WebAssembly may be compiled, no other code be generated. */
const POLICY = "script-src 'self' 'wasm-unsafe-eval'";

const html = '<!doctype html><meta charset="utf-8"><title>greenlets</title>';
const notFound = { status: 404, type: 'text/html', body: html };

/**
 * Answers to what `load` asks for: a module, as it should be and not, and what is none.
 *
 * @type {Record<string, (module: Uint8Array) => Answer>}
 */
const answers = {
  '/answers/module': (module) => ({ type: 'application/wasm', body: module }),
  '/answers/octets': (module) => ({ type: 'application/octet-stream', body: module }),
  '/answers/truncated': (module) => ({ type: 'application/wasm', body: module.subarray(0, 10_000) }),
  '/answers/page': () => ({ type: 'text/html', body: html }),
};

/** @param {URL} url @param {() => Promise<Uint8Array>} readModule @returns {Promise<Answer>} */
async function answer({ pathname, search }, readModule) {
  if (pathname === '/report') return { type: 'text/plain', body: '' };
  if (pathname === '/page') return { type: 'text/html', body: page(`entry.js${search}`) };
  if (pathname === '/worker') return { type: 'text/html', body: page(`start-worker.js${search}`) };
  const make = answers[pathname];
  if (make) return make(await readModule());
  if (!SERVED.test(pathname)) return notFound;
  return { type: TYPES[extname(pathname)], body: await readFile(new URL(`.${pathname}`, root)) };
}

/** @param {string} script of this folder */
const page = (script) => `${html}<script type="module" src="/tests/js/harness/${script}"></script>`;

/** What a page or a worker reports. */
class Report {
  #text = '';
  /** @type {(text: string) => void} */ #finish = () => {};
  /** All of it, when its plan has come. @type {Promise<string>} */
  finished = new Promise((resolve) => {
    this.#finish = resolve;
  });

  /** @param {string} name */
  constructor(name) {
    this.name = name;
  }

  /** @param {string} text */
  add(text) {
    this.#text += `${text}\n`;
    if (/^1\.\.\d+$/m.test(text)) this.#finish(this.#text);
  }
}

/** @param {IncomingMessage} request */
async function readBody(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * @param {() => Promise<Uint8Array>} readModule gives the module for the answers
 * @param {Answering} [answerFirst] asked before
 * @returns {Promise<Server>} on a port of this machine
 */
export async function startServer(readModule, answerFirst = async () => undefined) {
  /** @type {Map<string, Report>} */
  const reports = new Map();
  const serve = async (/** @type {IncomingMessage} */ request, /** @type {ServerResponse} */ response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST')
      reports.get(url.searchParams.get('run') ?? '')?.add(await readBody(request));
    /** @type {Answer} */
    const answered = (await answerFirst(url)) ?? (await answer(url, readModule).catch(() => notFound));
    const { status = 200, type, body, policy = POLICY } = answered;
    response.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(body);
  };
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    expectReport() {
      const report = new Report(String(reports.size + 1));
      reports.set(report.name, report);
      return report;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
