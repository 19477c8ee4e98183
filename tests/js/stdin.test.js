// stdin of Node's process, of every kind; and what is left of stdout at the end.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';

const cli = fileURLToPath(new URL('../../js/cli.js', import.meta.url));
const source = fileURLToPath(new URL('programs/talk.c', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'greenlet-stdin-'));
const module = join(folder, 'talk.wasm');
const blocking = join(folder, 'blocking.wasm');
after(() => rmSync(folder, { recursive: true, force: true }));

before(async () => {
  await build({ sources: [source], output: module });
  await build({ sources: [source], output: blocking, patch: false });
});

/** @param {import('node:child_process').StdioOptions} stdio @param {string} [file] @param {string[]} [args] */
function start(stdio, file = module, args = []) {
  const child = spawn(process.execPath, [cli, 'run', file, ...args], { stdio });
  const text = ['', '', ''];
  child.stdout?.on('data', (chunk) => (text[1] += chunk));
  child.stderr?.on('data', (chunk) => (text[2] += chunk));
  const ended = once(child, 'close').then(([status]) => ({ status, stdout: text[1], stderr: text[2] }));
  return { child, ended };
}

const empty = { status: 0, stdout: 'end\n', stderr: 'tick\n' };
const spoken = { status: 0, stdout: '[one]\n[two]\nend\n', stderr: 'tick\n' };

describe('stdin of the process', () => {
  test('is a pipe, for which only the reader waits', async () => {
    const { child, ended } = start(['pipe', 'pipe', 'pipe']);
    const [tick] = await once(/** @type {any} */ (child.stderr), 'data');
    assert.equal(String(tick), 'tick\n', 'before there is anything to read');
    child.stdin?.write('one\n');
    child.stdin?.end('two\n');
    assert.deepEqual(await ended, spoken);
  });

  test('is a file', async () => {
    const file = join(folder, 'input');
    writeFileSync(file, 'one\ntwo\n');
    assert.deepEqual((await start([openSync(file, 'r'), 'pipe', 'pipe']).ended).stdout, spoken.stdout);
  });

  test('is nothing, or not open', async () => {
    assert.equal((await start(['ignore', 'pipe', 'pipe']).ended).stdout, empty.stdout);
    const closed = spawnSync('sh', ['-c', '"$0" "$1" run "$2" <&-', process.execPath, cli, module]);
    assert.equal(String(closed.stdout), empty.stdout);
  });

  test('is what cannot be read', async () => {
    const { stdout, stderr, status } = await start([openSync(folder, 'r'), 'pipe', 'pipe']).ended;
    assert.equal(stdout, 'error\n');
    assert.match(stderr, /^greenlet-wasm: Error: EISDIR/m);
    assert.equal(status, 0);
  });

  const skip = !existsSync('/usr/bin/script') && 'no script';
  test('is a terminal', { skip }, async () => {
    const command = `'${process.execPath}' '${cli}' run '${module}'`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    const has = (/** @type {string} */ wanted) =>
      new Promise((resolve) => {
        child.stdout.on('data', (chunk) => {
          text += chunk;
          if (text.includes(wanted)) resolve(undefined);
        });
      });
    await has('tick');
    child.stdin.write('one\n');
    await has('[one]');
    child.stdin.write('\u0004');
    await once(child, 'close');
    assert.match(text, /\[one\]\r\n.*end\r\n/s);
  });

  test('is read without the cooperative libc, too: by everybody', async () => {
    const { child, ended } = start(['pipe', 'pipe', 'pipe'], blocking);
    child.stdin?.write('one\n');
    child.stdin?.end('two\n');
    assert.deepEqual(await ended, { ...spoken, stderr: '' });
  });
});

describe('a process', () => {
  /** @param {string} text of a module */
  function startScript(text) {
    const load = JSON.stringify(new URL('../../js/index.js', import.meta.url));
    const script = `import { load } from ${load};\n const app = await load(${JSON.stringify(module)});\n${text}`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let stdout = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    return { child, ended: once(child, 'close').then(([status]) => ({ status, stdout })) };
  }

  test('that has loaded a module does not stay for a stdin that nobody reads', async () => {
    assert.deepEqual(await startScript('').ended, { status: 0, stdout: '' });
  });

  test('stays while somebody reads', async () => {
    const { child, ended } = startScript('console.log(await app.run());');
    child.stdin.write('one\n');
    child.stdin.end('two\n');
    assert.deepEqual(await ended, { status: 0, stdout: '[one]\n[two]\nend\n0\n' });
  });

  test('does not stay once the app has ended, though its stdin is open', async () => {
    const reading = "app.run().catch(({ code }) => console.log(code));\nprocess.stderr.write('reads');\n";
    const { child, ended } = startScript(`${reading} setImmediate(() => app.dispose());`);
    assert.deepEqual(await ended, { status: 0, stdout: 'GREENLET_EDISPOSED\n' });
    child.stdin.destroy();
  });
});

describe('what has been written', () => {
  test('is not lost at the end, however much it is', async () => {
    const { status, stdout, stderr } = await start(['ignore', 'pipe', 'pipe'], module, ['pour']).ended;
    assert.deepEqual([status, stdout.length, stderr], [3, 2000 * 1024, 'poured\n']);
  });

  test('keeps its order where both streams go to the same pipe', () => {
    const command = '"$0" "$1" run "$2" pour 2>&1 | cat';
    const { stdout } = spawnSync('sh', ['-c', command, process.execPath, cli, module], { maxBuffer: 1e8 });
    const text = String(stdout);
    assert.equal(text.length, 2000 * 1024 + 'poured\n'.length);
    assert.ok(text.indexOf('poured') > 1900 * 1024, 'all but the last buffer was written before');
  });
});
