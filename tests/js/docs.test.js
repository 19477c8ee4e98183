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
      'src/compat',
      'src/compat/emscripten',
      'src/gevent/io',
      'wasm',
      'js',
      'js/modules',
      'js/build',
      'js/cli',
      'tests',
      'tests/bench',
      'tests/js',
      'tests/js/harness',
      'tests/conformance',
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

describe('src/gevent/sites.h', () => {
  const umbrella = [...read('src/gevent.h').matchAll(/^#include "(gevent\/\w+\.h)"/gm)].map(
    ([, file]) => file,
  );
  const declarations = umbrella
    .filter((file) => file !== 'gevent/sites.h')
    .flatMap((file) => [...read(`src/${file}`).matchAll(/^\w[\w *]*?\b(gevent_\w+)\(([^{}]*?)\);/gm)]);
  const listed = [...read('src/gevent/sites.h').matchAll(/^#define (gevent_\w+)\(/gm)].map(
    ([, name]) => name,
  );

  // They take seconds, but do not wait themselves.
  const notWaiting = [
    'gevent_advance_clock',
    'gevent_assert_switches_end',
    'gevent_iwait_begin',
    'gevent_scope_open',
    'gevent_scope_open_shielded',
    'gevent_set_max_blocking_time',
    'gevent_set_slice',
    'gevent_spawn_later',
    'gevent_start_later',
    'gevent_timeout_start',
    'gevent_timeout_start_error',
    'gevent_timer_case',
    'gevent_with_timeout',
  ];

  it('has every call that takes seconds to wait', () => {
    const takingSeconds = declarations
      .filter(([, , parameters]) => /\bdouble seconds\b/.test(parameters))
      .map(([, name]) => name);
    assert.ok(takingSeconds.length > 50);
    for (const name of notWaiting) assert.ok(takingSeconds.includes(name), name);
    for (const name of takingSeconds)
      assert.notEqual(listed.includes(name), notWaiting.includes(name), `${name}: either, and not both`);
  });

  it('has only calls that are declared, each once', () => {
    const declared = declarations.map(([, name]) => name);
    for (const name of listed) assert.ok(declared.includes(name), name);
    assert.equal(new Set(listed).size, listed.length);
  });

  it('has the calls that wait for as long as it takes', () => {
    for (const name of [
      'gevent_gather',
      'gevent_idle',
      'gevent_imap_end',
      'gevent_imap_next',
      'gevent_iwait_next',
      'gevent_maybe_yield',
      'gevent_pool_apply',
      'gevent_pool_map',
      'gevent_run',
      'gevent_run_until_complete',
      'gevent_scope_close',
      'gevent_yield',
    ])
      assert.ok(listed.includes(name), name);
  });
});
