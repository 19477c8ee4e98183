import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keyOf } from '../../../js/build/cache.js';

const template = resolve(import.meta.dirname, '../service-worker.js');

/** The compiler's parts, which the page keeps itself once somebody compiles. */
const kept = /^toolchain\/.*\.gzipped$/;

/**
 * Writes the service worker that keeps the site for when there is no network. It begins with the list of the files.
 *
 * @param {string} folder of the site
 */
export function writeServiceWorker(folder) {
  const files = filesIn(folder).filter((file) => !kept.test(file));
  const version = keyOf([...files, ...files.map((file) => readFileSync(join(folder, file)))]);
  const list = files.map((file) => (file === 'index.html' ? './' : file));
  const site = `const site = ${JSON.stringify({ version, files: list }, null, 2)};\n\n`;
  writeFileSync(join(folder, 'service-worker.js'), site + readFileSync(template, 'utf8'));
}

/** @param {string} folder */
function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true }).map(String);
  return paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
}
