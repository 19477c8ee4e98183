// Builds the programs that the suites of bridge/ load, for hosts that cannot do it themselves.
//
//   node tests/js/harness/build-all.js

import { mkdirSync, writeFileSync } from 'node:fs';
import { buildProgram } from './build.js';
import { moduleName, variants } from './variants.js';

const folder = new URL('../../../build/js/', import.meta.url);

mkdirSync(folder, { recursive: true });
for (const variant of variants)
  writeFileSync(new URL(moduleName(variant), folder), await buildProgram(variant));
