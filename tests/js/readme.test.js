// What README.md shows is what the repository has, and works.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from '../../js/build/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** @param {string} path */
const read = (path) => readFileSync(join(root, path), 'utf8');
const readme = read('README.md');

/** @returns {{ language: string, text: string, file: string | undefined }[]} code, and the last link before it */
function codeBlocks() {
  const blocks = readme.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...blocks].map(({ index, 1: language, 2: text }) => {
    const [, file] = /\]\(([\w./-]+)\):$/.exec(readme.slice(0, index).trimEnd()) ?? [];
    return { language, text, file };
  });
}

/** @param {string[]} args of this Node */
function run(args) {
  return execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
}

describe('the code in README.md', () => {
  it('is that of the files it names', () => {
    const shown = codeBlocks().filter(({ file }) => file);
    assert.ok(shown.length >= 3);
    for (const { file, text } of shown) assert.equal(text, read(/** @type {string} */ (file)), file);
  });

  it('is nowhere without a file, in C and in JavaScript', () => {
    for (const { language, file, text } of codeBlocks())
      assert.ok(file || !['c', 'cpp', 'js', 'ts'].includes(language), text);
  });

  it('prints what it says: hello.c', () => {
    assert.equal(run(['js/cli.js', 'run', 'examples/hello.c']), read('examples/hello.out'));
  });

  it('prints what it says: shop.js', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'greenlet-readme-'));
    try {
      const output = join(folder, 'basket.wasm');
      await build({ sources: [join(root, 'examples/basket.c')], output });
      assert.equal(run(['examples/shop.js', output]), read('examples/shop.out'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** Members that the package's other files call, and no user. */
const ofThePackage = ['constructor', 'start', 'startIn', 'hostFunctions', 'importFunction'];

describe('what README.md lists', () => {
  it('names the peers at the versions that are wanted', () => {
    const peers = Object.entries(JSON.parse(read('package.json')).peerDependencies);
    const command = `npm install --save-dev ${peers.map(([name, version]) => `${name}@${version}`).join(' ')}`;
    assert.ok(readme.includes(command), command);
  });

  it('has every option of the command, and no other', () => {
    const options = (/** @type {string} */ text) => new Set(text.match(/--[a-z][a-z-]+/g));
    const help = options(run(['js/cli.js', '--help']));
    const [section] = /^## The command$.*?(?=^## )/ms.exec(readme) ?? [''];
    assert.deepEqual([...options(section)].sort(), [...help].sort());
  });

  it('has every public member of App and Task', () => {
    for (const [file, name] of [
      ['js/app.js', 'app'],
      ['js/task.js', 'task'],
    ]) {
      const source = read(file);
      const members = source.matchAll(/^ {2}(?:get |async )?([a-z]\w*)\(/gm);
      for (const [, member] of members) {
        if (ofThePackage.includes(member)) continue;
        assert.match(readme, new RegExp(name === 'app' ? `\`app\\.${member}\\b` : `\`${member}\\b`), member);
      }
    }
  });

  it('has every option of load and spawn', () => {
    for (const [file, type] of [
      ['js/app.js', 'AppOptions'],
      ['js/wasi.js', 'WasiOptions'],
      ['js/calls.js', 'SpawnOptions'],
    ]) {
      const [comment] = new RegExp(`@typedef {object} ${type}\n.*?(?=@typedef|\\*/)`, 's').exec(
        read(file),
      ) ?? [''];
      const names = [...comment.matchAll(/@property \{.*\} \[?(\w+)/g)].map(([, name]) => name);
      assert.ok(names.length > 3, type);
      for (const name of names) assert.ok(readme.includes(`\`${name}\``), `${type}.${name}`);
    }
  });

  it('names only C functions that there are', () => {
    const topics = readdirSync(join(root, 'src/gevent')).filter((file) => file.endsWith('.h'));
    const headers = [...readme.matchAll(/\(src\/(\w+\.h)\)/g)].map(([, header]) => header);
    const named = [...headers, ...topics.map((topic) => `gevent/${topic}`)].map((header) =>
      read(`src/${header}`),
    );
    const known = new Set(named.join('\n').match(/\b(greenlet|gevent|generator)_\w+/g));
    for (const [, name] of readme.matchAll(/`((?:greenlet|gevent|generator)_[a-z_]+)`/g))
      assert.ok(known.has(name), name);
  });
});
