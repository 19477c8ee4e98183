// What `greenlet-wasm types` writes, word for word.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { declarationsOf } from '../../js/build/declarations.js';
import { build } from '../../js/build/index.js';
import { readRecords } from '../../js/records.js';
import { compileProgram } from './program.js';

/** @typedef {import('../../js/records.js').Records} Records */

test('each record of the door is there once, whatever many files include', async () => {
  const [section] = WebAssembly.Module.customSections(await compileProgram('contract.c'), 'greenlet.door');
  const records = new TextDecoder().decode(section).trimEnd().split('\n');
  assert.equal(new Set(records).size, records.length);
  assert.ok(records.includes('export code_name string i32'));
  assert.ok(records.includes('import gevent_iteration gevent_iteration_want void ref'));
});

test('the declarations of examples/basket.c', async () => {
  const source = fileURLToPath(new URL('../../examples/basket.c', import.meta.url));
  const { wasm } = await build({ sources: [source] });
  const module = await WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm));
  assert.equal(
    declarationsOf(readRecords(module), 'basket.wasm'),
    `// Generated from basket.wasm by \`greenlet-wasm types\`: do not edit.
import type { ImportContext } from 'greenlet-wasm';

/** What crosses the door of the module: for \`load<Module>()\`. */
export interface Module {
  exports: {
    total: (a: number, b: number) => number;
  };
  imports: {
    shop: {
      price: (a: string, context: ImportContext) => number | PromiseLike<number>;
    };
  };
}
`,
  );
});

test('every type of the door, and imports that give a result', async () => {
  const text = declarationsOf(readRecords(await compileProgram('results.c')), 'results.wasm');
  const members = [
    'add: (a: number, b: number, context: ImportContext) => number | PromiseLike<number>;',
    'big: (a: bigint, context: ImportContext) => bigint | number | PromiseLike<bigint | number>;',
    'third: (a: number, context: ImportContext) => number | PromiseLike<number>;',
    'half: (a: number, context: ImportContext) => number | PromiseLike<number>;',
    'greet: (a: string, context: ImportContext) => string | PromiseLike<string>;',
    'reverse: (a: Uint8Array, context: ImportContext) => ArrayBuffer | ArrayBufferView | PromiseLike<ArrayBuffer | ArrayBufferView>;',
    'transform: (a: any, context: ImportContext) => unknown;',
    'pick: (a: any, b: string, context: ImportContext) => unknown;',
    'nothing: (context: ImportContext) => void | PromiseLike<void>;',
    'through_i64: (a: bigint | number) => bigint;',
    'through_f32: (a: number) => number;',
    'through_f64: (a: number) => number;',
    'through_string: (a: string) => string;',
    'through_json: (a: unknown) => any;',
    'through_bytes: (a: ArrayBuffer | ArrayBufferView) => Uint8Array;',
  ];
  const lines = text.split('\n').map((line) => line.trim());
  for (const member of members) assert.ok(lines.includes(member), `${member}\n\n${text}`);
});

test('exports that give many values, streams, and none of what load gives by itself', async () => {
  const text = declarationsOf(readRecords(await compileProgram('iterate.c')), 'iterate.wasm');
  assert.match(text, /^ +count_to: \(a: number\) => AsyncIterable<number>;$/m);
  assert.match(text, /^ +say_lines: \(a: number\) => AsyncIterable<string>;$/m);
  assert.match(text, /^ +note: \(a: string, context: ImportContext\) => void \| PromiseLike<void>;$/m);
  assert.doesNotMatch(text, /gevent_iteration/);
});

/** @param {Record<string, string>} files C, by name */
async function recordsOf(files) {
  const folder = mkdtempSync(join(tmpdir(), 'greenlet-records-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const sources = Object.keys(files).filter((name) => name.endsWith('.c'));
    const { wasm } = await build({ sources: sources.map((name) => join(folder, name)) });
    return readRecords(await WebAssembly.compile(/** @type {Uint8Array<ArrayBuffer>} */ (wasm)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a header with imports may be included in many files, and only what is called is imported', async () => {
  const header = `#include <gevent.h>
    GEVENT_IMPORT_INLINE(i32, host, used, i32)
    GEVENT_IMPORT_INLINE(i32, host, unused, i32)\n`;
  const one =
    '#include "host.h"\nGEVENT_EXPORT(i32, one, i32)\nint one(int32_t n, int32_t *r) { return used(n, r); }';
  const { imports } = await recordsOf({
    'host.h': header,
    'one.c': one,
    'two.c': one.replaceAll('one', 'two'),
  });
  assert.deepEqual([...imports.keys()], ['host.used']);
});

test('an import that two files declare differently is refused', async () => {
  const file = (/** @type {string} */ name, /** @type {string} */ type, /** @type {string} */ c) =>
    `#include <gevent.h>\nGEVENT_IMPORT_INLINE(${type}, host, give)
     GEVENT_EXPORT(${type}, ${name})\nint ${name}(${c} *r) { return give(r); }`;
  const files = { 'one.c': file('one', 'i32', 'int32_t'), 'two.c': file('two', 'f64', 'double') };
  await assert.rejects(recordsOf(files), {
    code: 'GREENLET_EMODULE',
    message: 'the module declares its import host.give in two ways',
  });
});

test('a module without imports asks for none, and no name breaks out of its place', () => {
  const records = /** @type {Records} */ ({ exports: new Map(), imports: new Map() });
  records.exports.set("a'b", { name: "a'b", result: 'void', parameters: [], isIterable: false });
  records.exports.set('größe', { name: 'größe', result: 'void', parameters: [], isIterable: false });
  assert.equal(
    declarationsOf(records, 'x\u2028evil();\n.wasm'),
    `// Generated from x?evil();?.wasm by \`greenlet-wasm types\`: do not edit.

/** What crosses the door of the module: for \`load<Module>()\`. */
export interface Module {
  exports: {
    "a'b": () => void;
    größe: () => void;
  };
  imports: {};
}
`,
  );
});
