import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { build } from '../../../js/build/index.js';

const folder = fileURLToPath(new URL('../../../build/js', import.meta.url));
const examples = fileURLToPath(new URL('../../../examples', import.meta.url));
const amalgamation = 'sqlite/node_modules/better-sqlite3/deps/sqlite3';

/** Why the example cannot be built, if so. */
export const missingSource = existsSync(`${examples}/${amalgamation}`)
  ? null
  : 'no source of SQLite: run `npm ci` in examples/sqlite';

/** As the first lines of examples/sqlite.c have it. @returns {Promise<string>} the module's path */
export async function buildExample() {
  const output = `${folder}/sqlite.wasm`;
  mkdirSync(folder, { recursive: true });
  await build({
    cwd: examples,
    sources: ['sqlite.c', 'sqlite/vfs_http.c', `${amalgamation}/sqlite3.c`],
    flags: ['-Isqlite', `-I${amalgamation}`, '-D_HAVE_SQLITE_CONFIG_H'],
    output,
  });
  return output;
}
