import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { emscriptenEnv, missingEmscripten } from '../../suites/emscripten.js';
import { root, run } from '../../suites/process.js';
import { selfMeasuring } from '../self-measuring.js';

const folder = join(root, 'build/bench/emscripten');
const script = join(folder, 'fibers.js');
const settings = ['-sASYNCIFY', '-sSINGLE_FILE', '-sALLOW_MEMORY_GROWTH'];

function make() {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  const flags = ['-O3', '-Itests/bench/programs', ...settings];
  return run(['emcc', ...flags, 'tests/bench/peers/emscripten.c', '-o', script], { env: emscriptenEnv });
}

export const emscriptenFibers = selfMeasuring('Emscripten fibers', {
  missing: missingEmscripten,
  make,
  command: () => [process.execPath, script],
  most: 100_000,
});
