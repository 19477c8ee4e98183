import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { files as notInEmscripten } from '../js/harness/not-in-emscripten.js';
import { missingEmscripten } from './emscripten.js';
import { browsers, engines, harnessed, nodes, noStrings } from './engines.js';
import { missingBrowser, withBrowser } from './pages.js';
import { root, run } from './process.js';
import { once } from './suite.js';
import { readTap } from './tap.js';

/**
 * @import { Outcome, Part, Suite } from './suite.js'
 * @import { Browser, Engine } from './engines.js'
 * @import { Finished } from './process.js'
 */

const folder = 'tests/js/bridge';

const everyFile = readdirSync(join(root, folder)).filter((file) => file.endsWith('.test.js'));

const builder = 'tests/js/harness/build-all.js';

const buildModules = once(() => run([process.execPath, builder]));

/** @param {string} name of a file @param {Finished} finished with what it says as TAP @returns {Part} */
function partOf(name, { ok, stdout }) {
  const { passed, failed, skipped, ...rest } = readTap(stdout);
  const hasRun = ok && passed + skipped > 0;
  return { ...rest, name, passed, failed: hasRun ? failed : failed || 1, skipped };
}

/** @param {readonly number[]} counts */
const sum = (counts) => counts.reduce((total, count) => total + count, 0);

/**
 * The outcome of files, which are run one after the other.
 *
 * @param {(path: string) => Promise<Finished>} runFile
 * @param {{ files?: readonly string[], build?: () => Promise<Finished> }} [what] build: of the programs
 * @returns {Promise<Outcome>}
 */
async function runFiles(runFile, { files = everyFile, build = () => buildModules('') } = {}) {
  const built = await build();
  if (!built.ok) return { passed: 0, failed: 1, output: built.output };
  /** @type {Part[]} */
  const parts = [];
  let output = '';
  for (const file of files) {
    const finished = await runFile(`${folder}/${file}`);
    const part = partOf(file, finished);
    parts.push(part);
    if (part.failed) output += `${file}\n${finished.output}`;
  }
  return {
    passed: sum(parts.map(({ passed }) => passed)),
    failed: sum(parts.map(({ failed }) => failed)),
    output,
    results: parts.flatMap(({ results }) => results),
    parts,
  };
}

/**
 * @param {Engine} engine
 * @param {readonly string[]} args before the file's name
 * @returns {Suite}
 */
function onCommandLine({ name, program, missing }, args) {
  const env = { GREENLET_TEST_PROGRAMS_ARE_BUILT: '1' };
  return {
    name: `bridge ${name}`,
    backend: 'asyncify',
    host: `${name}, bridge`,
    missing,
    run: () => runFiles((path) => run([program, ...args, join(root, path)], { env })),
  };
}

/**
 * @param {Browser} browser
 * @param {'page' | 'worker'} place
 * @returns {Suite}
 */
function inBrowser(browser, place) {
  return {
    name: `bridge ${browser.name} ${place}`,
    backend: 'asyncify',
    host: `${browser.name} ${place}, bridge`,
    missing: () => missingBrowser(browser),
    run: () =>
      withBrowser(browser, (runPage) =>
        runFiles(async (path) => {
          const output = await runPage(`/${place}?file=/${path}`);
          return { ok: true, stdout: output, output };
        }),
      ),
  };
}

/** @param {string} name of a file */
function skippedPart(name) {
  const reasons = [notInEmscripten[name]];
  return { name, passed: 0, failed: 0, skipped: 1, reasons, results: [] };
}

/**
 * With programs that Emscripten has linked.
 *
 * @param {'release' | 'debug'} flavour
 * @returns {Suite}
 */
function inEmscripten(flavour) {
  const { name, program } = engines[0];
  const flags = [noStrings, '--test-reporter=tap'];
  const building = { GREENLET_TEST_EMSCRIPTEN: flavour };
  const env = { ...building, GREENLET_TEST_PROGRAMS_ARE_BUILT: '1' };
  return {
    name: `bridge Emscripten ${flavour} ${name}`,
    backend: 'asyncify',
    host: `Emscripten ${name}, ${flavour}, bridge`,
    missing: missingEmscripten,
    async run() {
      const outcome = await runFiles((path) => run([program, ...flags, join(root, path)], { env }), {
        files: everyFile.filter((file) => !notInEmscripten[file]),
        build: () => run([process.execPath, builder], { env: building }),
      });
      const skipped = Object.keys(notInEmscripten).map(skippedPart);
      return { ...outcome, parts: [...(outcome.parts ?? []), ...skipped] };
    },
  };
}

/** The same suites of JavaScript on every engine. @type {Suite[]} */
export const bridgeSuites = [
  ...nodes.map((node) => onCommandLine(node, [noStrings, '--test-reporter=tap'])),
  inEmscripten('release'),
  inEmscripten('debug'),
  ...harnessed.map(({ engine, args }) => onCommandLine(engine, args)),
  ...browsers.flatMap((browser) => [inBrowser(browser, 'page'), inBrowser(browser, 'worker')]),
];
