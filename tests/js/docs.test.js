// What the documents say is checked where a test can check it.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** @param {string} path */
const read = (path) => readFileSync(join(root, path), 'utf8');

const documents = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
].filter((file) => file.endsWith('.md'));

describe('docs/errors.md', () => {
  const table = [...read('src/greenlet_error.h').matchAll(/^ {4}X\((\w+), (-\d+), "(\w+)", "([^"]+)"\)/gm)];

  it('lists exactly the codes of src/greenlet_error.h, with their numbers', () => {
    assert.ok(table.length > 20);
    const listed = [...read('docs/errors.md').matchAll(/^\| `(GREENLET_\w+)` +\| (-\d+) +\|/gm)];
    assert.deepEqual(
      listed.map(([, name, code]) => `${name} ${code}`),
      table.map(([, name, code]) => `GREENLET_${name} ${code}`),
    );
  });

  it('names the class that each has in JavaScript', () => {
    const classes = read('js/errors.js').matchAll(/^ {2}(GREENLET_\w+): (\w+),$/gm);
    for (const [, code, name] of classes)
      assert.match(read('docs/errors.md'), new RegExp(`^\\| \`${code}\` +\\|.*\`${name}\``, 'm'));
  });

  it('lists exactly the codes of a build', () => {
    const [, codes = ''] = /@typedef \{(.*)\} BuildErrorCode/.exec(read('js/build/errors.js')) ?? [];
    const listed = [...read('docs/errors.md').matchAll(/^\| `(E[A-Z]+)` +\|/gm)].map(([, code]) => code);
    assert.deepEqual(listed.sort(), codes.match(/E[A-Z]+/g)?.sort());
  });
});

describe('every document', () => {
  it('links to what there is', () => {
    for (const document of documents)
      for (const [, target] of read(document).matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g))
        if (!/^https?:/.test(target))
          assert.ok(existsSync(join(root, dirname(document), target)), `${document}: ${target}`);
  });

  it('names files and functions that there are', () => {
    const folders = [
      'src',
      'src/gevent',
      'wasm',
      'js',
      'js/build',
      'js/cli',
      'tests',
      'tests/js',
      'examples',
      'docs',
      '.',
    ];
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder)).map((file) => join(folder, file)),
    );
    const sources = files.filter((file) => /^(src|wasm|js)\//.test(file) && /\.(c|h|S|js)$/.test(file));
    const code = sources.map(read).join('\n');
    for (const document of documents) {
      for (const [, file] of read(document).matchAll(/`((?:[\w-]+\/)*[a-z][\w-]*\.(?:c|h|js|S|json))`/g))
        assert.ok(
          files.some((known) => known === file || known.endsWith(`/${file}`)) || existsSync(join(root, file)),
          `${document}: there is no ${file}`,
        );
      for (const [, name] of read(document).matchAll(
        /`((?:greenlet|gevent|context|hub|host|loop|slot|task|stack)_\w+)`/g,
      ))
        assert.match(code, new RegExp(`\\b${name}\\b`), `${document}: there is no ${name}`);
    }
  });

  it('keeps its lines short, but for tables', () => {
    for (const document of documents)
      for (const line of read(document)
        .replace(/^```.*?^```$/gms, '')
        .split('\n'))
        assert.ok(line.length <= 120 || line.startsWith('|'), `${document}: ${line}`);
  });
});
