// Programs of Emscripten whose fibers are greenlets.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, it } from 'node:test';
import { emscriptenFolder, linkEmscripten, missingEmscripten } from '../suites/emscripten.js';
import { root, run } from '../suites/process.js';

/** @param {string} source @returns {Promise<string>} what it prints */
async function runSource(source) {
  const output = `${emscriptenFolder}/${source.replaceAll('/', '-').replace(/\.c$/, '.js')}`;
  const made = await linkEmscripten([source], output, { flags: ['-O2'], options: '--compat' });
  assert.ok(made.ok, made.output);
  const { ok, stdout, output: all } = await run([process.execPath, join(root, output)]);
  assert.ok(ok, all);
  return stdout;
}

describe('fibers in a program of Emscripten', { skip: missingEmscripten() ?? false }, () => {
  it('are greenlets', async () => {
    const expected = readFileSync(join(root, 'examples/compat/fibers.out'), 'utf8');
    assert.equal(await runSource('examples/compat/fibers.c'), expected);
  });

  it('may have an asynchronous call underway, each of them', async () => {
    const lines = (await runSource('tests/emscripten/fibers.c')).trim().split('\n');
    assert.deepEqual(lines.slice(0, 2), ['half of 42?', 'half of 8?']);
    assert.deepEqual(lines.slice(2).sort(), [
      'half of 42 is 21',
      'half of 8 is 4',
      'home with 42',
      'home with 8',
    ]);
  });
});
