import { join, resolve } from 'node:path';
import { build, preview } from 'vite';
import { writeLessons } from './lessons.js';
import { writeServiceWorker } from './offline.js';
import { writeToolchain } from './toolchain.js';

/** @import { InlineConfig } from 'vite' */

const playground = resolve(import.meta.dirname, '..');

/** What is copied into the site as it is. */
const publicDir = resolve(playground, '../../build/playground/public');

/** @param {string} outDir @returns {InlineConfig} */
function configFor(outDir) {
  return {
    root: join(playground, 'site'),
    base: './',
    configFile: false,
    publicDir,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0 },
  };
}

/**
 * Writes the static site.
 *
 * @param {string} folder what was in it is removed
 */
export async function buildSite(folder) {
  await writeLessons(join(publicDir, 'lessons'));
  await writeToolchain(join(publicDir, 'toolchain'));
  await build(configFor(folder));
  writeServiceWorker(folder);
}

/**
 * Serves a site that has been built, to this machine alone.
 *
 * @param {string} folder
 * @param {number} port
 * @returns {Promise<string>} its URL
 */
export async function serveSite(folder, port) {
  const server = await preview({ ...configFor(folder), preview: { port, host: '127.0.0.1' } });
  return server.resolvedUrls?.local[0] ?? '';
}
