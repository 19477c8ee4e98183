import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { warnings } from './builds.js';
import { emscriptenFlavours, linkEmscripten, missingEmscripten } from './emscripten.js';
import { browsers, engines, harnessed } from './engines.js';
import { missingBrowser, withBrowser } from './pages.js';
import { root, run } from './process.js';
import { once, outcomeOfAll } from './suite.js';
import { readTap } from './tap.js';
import { otherToolchains } from './toolchains.js';

/** @import { Suite } from './suite.js' */
/** @import { Engine } from './engines.js' */
/** @import { OtherToolchain } from './toolchains.js' */

/** How the suite is built, and what it then runs on. @type {Record<string, { flags: string[], host?: string, env?: Record<string, string> }>} */
const flavours = {
  release: { flags: ['-O2'] },
  debug: { flags: ['-O0', '-g'] },
  wasi: { flags: ['-O2', '--host', 'wasi'], host: 'node:wasi' },
  ...Object.fromEntries(
    otherToolchains.map(({ key, env }) => [
      `wasi-${key}`,
      { flags: ['-O2', '--host', 'wasi'], host: 'node:wasi', env },
    ]),
  ),
};

/** Natively it stands for the loop that the host has anyway. */
const notWasm = 'loop_default_virtual.c';

export function conformanceSources() {
  const files = readdirSync(join(root, 'tests/conformance'));
  const sources = files.filter((file) => file.endsWith('.c') && file !== notWasm);
  return sources.map((file) => `tests/conformance/${file}`);
}

const make = once(async (flavour) => {
  const { flags, env } = flavours[flavour];
  mkdirSync(join(root, 'build/wasm'), { recursive: true });
  const command = ['js/cli.js', 'build', '--compat', ...conformanceSources()];
  return run([process.execPath, ...command, ...warnings, ...flags, '-o', moduleOf(flavour)], { env });
});

/** @param {string} flavour */
function moduleOf(flavour) {
  return `build/wasm/conformance-${flavour}.wasm`;
}

/**
 * @param {string} flavour
 * @param {Engine} engine
 * @returns {Suite}
 */
function conformance(flavour, engine) {
  const { host } = flavours[flavour];
  return {
    name: host
      ? `conformance ${flavour} ${host} ${engine.name}`
      : `conformance wasm ${flavour} ${engine.name}`,
    backend: 'asyncify',
    host: host ? `${host} ${engine.name}` : `${engine.name}, ${flavour}`,
    missing: engine.missing,
    async run() {
      const made = await make(flavour);
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      return outcomeOfAll(await run([engine.program, 'tests/conformance/run.js', moduleOf(flavour)]));
    },
  };
}

/**
 * Built otherwise, the same runs the same.
 * @param {OtherToolchain} toolchain
 * @returns {Suite}
 */
function builtBy({ name, key, missing }) {
  const suite = conformance(`wasi-${key}`, engines[0]);
  return { ...suite, name: `conformance wasi ${name}`, host: `${suite.host}, ${name}`, missing };
}

/** One instance for each test, in one process. */
const manyInstances = [
  '-sMODULARIZE',
  '-sEXIT_RUNTIME',
  '-sNODEJS_CATCH_EXIT=0',
  '-sNODEJS_CATCH_REJECTION=0',
];

/**
 * As Emscripten links it.
 *
 * @param {string} flavour
 * @returns {Suite}
 */
function inEmscripten(flavour) {
  const { flags, options } = emscriptenFlavours[flavour];
  const output = `build/emscripten/conformance-${flavour}.js`;
  return {
    name: `conformance emscripten ${flavour} ${engines[0].name}`,
    backend: 'asyncify',
    host: `Emscripten ${engines[0].name}, ${flavour}`,
    missing: missingEmscripten,
    async run() {
      const made = await linkEmscripten(conformanceSources(), output, {
        flags: [...flags, ...warnings, ...manyInstances],
        options: `--compat ${options}`,
      });
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      return outcomeOfAll(await run([engines[0].program, 'tests/conformance/run.js', output]));
    },
  };
}

const everywhere = 'tests/conformance/everywhere.test.js';

/**
 * The release elsewhere than in Node.
 *
 * @param {string} name of the engine
 * @param {() => string | null} missing
 * @param {(path: string) => Promise<string>} runFile with what it says as TAP
 * @returns {Suite}
 */
function elsewhere(name, missing, runFile) {
  return {
    name: `conformance wasm release ${name}`,
    backend: 'asyncify',
    host: `${name}, release`,
    missing,
    async run() {
      const made = await make('release');
      if (!made.ok) return { passed: 0, failed: 1, output: made.output };
      const output = await runFile(everywhere);
      const { passed, failed, results } = readTap(output);
      return {
        passed,
        failed: passed ? failed : failed || 1,
        output: output.replace(/^ok .*\n/gm, ''),
        results,
      };
    },
  };
}

/** @type {Suite[]} */
export const wasmSuites = [
  ...['release', 'debug', 'wasi'].flatMap((flavour) => engines.map((engine) => conformance(flavour, engine))),
  ...otherToolchains.map(builtBy),
  ...Object.keys(emscriptenFlavours).map(inEmscripten),
  ...harnessed.map(({ engine: { name, program, missing }, args }) =>
    elsewhere(name, missing, async (path) => (await run([program, ...args, join(root, path)])).output),
  ),
  ...browsers.map((browser) =>
    elsewhere(
      browser.name,
      () => missingBrowser(browser),
      (path) => withBrowser(browser, (runPage) => runPage(`/page?file=/${path}`)),
    ),
  ),
];
