// Builds the programs that the suites of bridge/ load, for hosts that cannot do it themselves.
//
//   node tests/js/harness/build-all.js

import { mkdirSync, writeFileSync } from 'node:fs';
import { buildProgram } from './build.js';
import { host } from './host.js';
import { programs } from './not-in-emscripten.js';
import { moduleName, variants } from './variants.js';

const folder = new URL('../../../build/js/', import.meta.url);

async function buildModules() {
  mkdirSync(folder, { recursive: true });
  for (const variant of variants)
    writeFileSync(new URL(moduleName(variant), folder), await buildProgram(variant));
}

/** With GREENLET_TEST_EMSCRIPTEN in the environment. */
async function linkPrograms() {
  const emscripten = await import('./emscripten.js');
  const wanted = variants.filter(({ source }) => !programs.includes(source));
  for (const variant of wanted) await emscripten.buildProgram(variant);
}

await (host.emscripten ? linkPrograms() : buildModules());
