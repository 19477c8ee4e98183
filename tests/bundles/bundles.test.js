// A page that uses the package, bundled and not, in Chromium: what it does is app/main.js.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from '../../js/build/index.js';
import { installInEmptyProject, manifest, root } from '../js/package/install.js';
import { browsers, chromiumArgs } from '../suites/engines.js';
import { serveFolder } from './serve.js';

const requireEngine = createRequire(join(root, 'tests/engines/package.json'));

/** @type {string} */ let folder;
/** @type {any} puppeteer's */ let browser;
/** @type {{ origin: string, close: () => void }} */ let server;

before(async () => {
  ({ folder } = installInEmptyProject());
  cpSync(fileURLToPath(new URL('app', import.meta.url)), folder, { recursive: true });
  await build({ sources: [join(root, 'examples/basket.c')], output: join(folder, 'basket.wasm') });
  server = await serveFolder(folder);
  const [{ program }] = browsers;
  browser = await requireEngine('puppeteer-core').launch({ executablePath: program, args: chromiumArgs });
});

after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a bundler as its users do, and lets it say nothing that they would have to worry about.
 *
 * @param {string} name of its package
 * @param {string[]} args
 */
function bundle(name, args) {
  const program = join(root, 'tests/engines/node_modules/.bin', name);
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  const output = stdout + stderr;
  assert.equal(status, 0, output);
  assert.doesNotMatch(output, /warn|error|externalized/i);
}

/** @param {string} path of a page @returns what app/main.js has come to, and the console has got */
async function open(path, origin = server.origin) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const said = [];
  page.on('console', (/** @type {any} */ message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (/** @type {Error} */ error) => said.push(String(error)));
  await page.goto(`${origin}/${path}`);
  const result = await page.evaluate('globalThis.finished');
  await page.close();
  return { result, said };
}

const expected = {
  result: [
    { totals: [5.5, 7, 8.5], aborted: 'closed for today', slept: 'slept' },
    { areTwo: true },
    { isRejected: true, name: 'RejectedError', code: 'GREENLET_EREJECTED', cause: 'no tea is left' },
  ],
  said: ['log: no total: no tea is left'], // by printf
};

describe('a page in Chromium', () => {
  it('works on the development server of Vite', async () => {
    const { createServer } = await import(String(pathToFileURL(requireEngine.resolve('vite'))));
    const vite = await createServer({
      root: folder,
      logLevel: 'silent',
      server: { port: 0, host: '127.0.0.1' },
      optimizeDeps: { exclude: [manifest.name] }, // else it moves files away from the workers beside them
    });
    await vite.listen();
    const { port } = vite.httpServer.address();
    try {
      const { result, said } = await open('index.html', `http://127.0.0.1:${port}`);
      assert.deepEqual({ result, said: said.filter((line) => !line.includes('[vite]')) }, expected);
    } finally {
      await vite.close();
    }
  });

  it('works when Vite has bundled it, without a warning', async () => {
    bundle('vite', ['build', '--base', './', '--outDir', 'vite']);
    assert.deepEqual(await open('vite/index.html'), expected);
  });

  it('works when esbuild has bundled it, without a warning', async () => {
    const worker = 'pool-worker=node_modules/greenlet-wasm/js/pool/pool-worker.js';
    const options = ['--bundle', '--minify', '--format=esm', '--outdir=esbuild'];
    bundle('esbuild', ['main.js', 'worker.js', worker, ...options]);
    for (const file of ['index.html', 'basket.wasm', 'sold-out.js'])
      cpSync(join(folder, file), join(folder, 'esbuild', file));
    assert.deepEqual(await open('esbuild/index.html'), expected);
  });

  it('works as it is, with an import map, as from a CDN', async () => {
    const entries = Object.entries(manifest.exports).flatMap(([path, { default: file }]) =>
      file ? [[path.replace('.', manifest.name), file.replace('.', `/node_modules/${manifest.name}`)]] : [],
    );
    const map = JSON.stringify({ imports: Object.fromEntries(entries) });
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    const withMap = html.replace('<script', `<script type="importmap">${map}</script>\n<script`);
    writeFileSync(join(folder, 'mapped.html'), withMap);
    // Import maps do not reach workers.
    const worker = readFileSync(join(folder, 'worker.js'), 'utf8');
    const ofPool = `/node_modules/${manifest.name}/js/pool/serve.js`;
    writeFileSync(join(folder, 'worker.js'), worker.replace('greenlet-wasm/pool/worker', ofPool));
    assert.deepEqual(await open('mapped.html'), expected);
  });
});
