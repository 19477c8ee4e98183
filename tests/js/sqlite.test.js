// A program that nobody here wrote: SQLite, whose reads are range requests (examples/sqlite.c). A hundred of its
// queries in one instance, each on a connection and a greenlet of its own, find what the sqlite3 command finds.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as http from '../../examples/sqlite/http.js';
import { load } from '../../js/index.js';
import { missingPrograms } from '../suites/process.js';
import { deferred, reasonOf } from './harness/helpers.js';
import { buildExample, missingSource } from './sqlite/build.js';
import { makeDatabase, statements } from './sqlite/database.js';
import { serve } from './sqlite/server.js';

/** @import { App } from '../../js/app.js' */

const example = fileURLToPath(new URL('../../examples/sqlite.js', import.meta.url));
const missing = missingSource ?? missingPrograms('sqlite3');

describe('SQLite over HTTP', { skip: missing ?? false }, () => {
  /** @type {string} */ let path;
  /** @type {WebAssembly.Module} */ let module;
  /** @type {ReturnType<typeof makeDatabase>} */ let database;
  /** @type {(() => void)[]} */ const closing = [];

  before(async () => {
    path = await buildExample();
    module = await WebAssembly.compile(readFileSync(path));
    database = makeDatabase();
  });
  after(() => closing.forEach((close) => void close()));

  /** @param {Partial<typeof http>} [imports] */
  const loadExample = (imports) =>
    load(module, { stack: 128 * 1024, imports: { http: { ...http, ...imports } } });

  /** @param {Parameters<typeof serve>} how */
  async function serving(...how) {
    const server = await serve(...how);
    closing.push(server.close);
    return server;
  }

  /** @param {App} app @param {string} url */
  const askAll = (app, url) => Promise.all(statements.map((sql) => app.call('query', url, sql)));

  it('finds the same with a hundred queries at once as the native sqlite3, and one at a time', async (t) => {
    const app = await loadExample();
    const server = await serving(database.bytes, () => sleep(5));
    const start = performance.now();
    for (const [i, sql] of statements.entries()) {
      assert.deepEqual(await app.call('query', server.url, sql), database.answers[i], sql);
    }
    const middle = performance.now();
    assert.deepEqual(await askAll(app, server.url), database.answers);
    const [apart, together] = [middle - start, performance.now() - middle].map(Math.round);
    t.diagnostic(`${apart} ms one at a time, ${together} ms at once; ${server.count() / 2} requests each`);
  });

  it('parks a hundred queries in the middle of SQLite at once', async () => {
    const lastCame = deferred();
    let count = 0;
    /** @type {typeof http.read_range} */
    const read_range = async (url, offset, length, context) => {
      const isHeader = length === 100; // what opening reads; the rest is for the statement
      if (!isHeader && ++count === statements.length) lastCame.resolve();
      if (!isHeader) await lastCame.promise;
      return http.read_range(url, offset, length, context);
    };
    const app = await loadExample({ read_range });
    assert.deepEqual(await askAll(app, (await serving(database.bytes)).url), database.answers);
  });

  it('names what is wrong when a server dies midway; the others go on, and so does the instance', async () => {
    const app = await loadExample();
    const healthy = await serving(database.bytes);
    const dying = await serving(database.bytes, (_, count) => count > 3 && dying.close());
    const others = askAll(app, healthy.url);
    const error = await reasonOf(app.call('query', dying.url, statements[0]));
    assert.equal(error.code, 'GREENLET_EREJECTED');
    assert.equal(error.message, `GET ${dying.url}: other side closed`);
    assert.deepEqual(await others, database.answers);
    const refusal = await reasonOf(app.call('query', dying.url, statements[0]));
    assert.match(refusal.message, /^HEAD .*: connect ECONNREFUSED/);
    assert.deepEqual(await app.call('query', healthy.url, statements[0]), database.answers[0]);
  });

  it('gives up the request of a query that is aborted, and all that SQLite held for it', async () => {
    const app = await loadExample();
    const silence = new EventEmitter();
    const server = await serving(database.bytes, async (response, count) => {
      if (count % 4 > 0) return;
      silence.emit('begins');
      await once(response, 'close');
      silence.emit('ends');
    });
    const abortOne = async () => {
      const [begun, ended] = [once(silence, 'begins'), once(silence, 'ends')];
      const controller = new AbortController();
      const task = app.spawn('query', server.url, statements[0], { signal: controller.signal });
      await begun;
      controller.abort(new Error('no longer wanted'));
      assert.equal((await reasonOf(task)).message, 'no longer wanted');
      await ended;
    };
    await abortOne();
    const size = app.memorySize;
    for (let i = 0; i < 20; i++) await abortOne();
    assert.equal(app.memorySize, size);
  });

  it('lets others run while one query computes, and ends that when it is aborted', async () => {
    const app = await loadExample();
    const { url } = await serving(database.bytes);
    const controller = new AbortController();
    const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n';
    const task = app.spawn('query', url, endless, { signal: controller.signal });
    assert.deepEqual(await app.call('query', url, statements[0]), database.answers[0]);
    assert.equal(task.status, 'pending');
    controller.abort(new Error('enough'));
    assert.equal((await reasonOf(task)).message, 'enough');
  });

  it('refuses a statement that is nested too deeply, before it is too much for the stack', async () => {
    const app = await loadExample();
    const { url } = await serving(database.bytes);
    const nested = (/** @type {number} */ depth) =>
      `SELECT ${'-(1 + '.repeat(depth)}1${')'.repeat(depth)} AS x`;
    assert.deepEqual(await app.call('query', url, nested(60)), [{ x: 1 }]);
    const refusal = async (/** @type {number} */ depth) =>
      (await reasonOf(app.call('query', url, nested(depth)))).message;
    assert.equal(await refusal(150), 'Expression tree is too large (maximum depth 200)');
    assert.equal(await refusal(1000), 'Recursion limit');
  });

  it('passes on what SQLite has to say', async () => {
    const app = await loadExample();
    const corrupt = Buffer.from(database.bytes).fill(0xff, 4096);
    const cases = /** @type {const} */ ([
      [database.bytes, 'SELECT * FROM nowhere', 'no such table: nowhere'],
      [database.bytes, 'DELETE FROM station', 'attempt to write a readonly database'],
      [database.bytes, "SELECT json('[')", 'malformed JSON'],
      [corrupt, statements[0], 'database disk image is malformed'],
      [Buffer.alloc(4096, 'not at all'), statements[0], 'file is not a database'],
    ]);
    for (const [bytes, sql, message] of cases) {
      const error = await reasonOf(app.call('query', (await serving(bytes)).url, sql));
      assert.deepEqual([error.type, error.message], ['SqlError', message]);
    }
  });

  it('prints what examples/sqlite.js is asked, a line a statement', async () => {
    const { url } = await serving(database.bytes);
    const args = [example, path, url, ...statements.slice(0, 5)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
      database.answers.slice(0, 5),
    );
  });
});
