// Writes docs/conformance.md: every rule of greenlet, the tests that prove it, and what became of them in a run.
//
//   node tests/conformance/page.js           runs the tests and writes the page
//   node tests/conformance/page.js --check   runs nothing: is the page that of the rules and tests there are?

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { bridgeSuites } from '../suites/bridge.js';
import { corpora, corpusSuites } from '../suites/corpus.js';
import { endingSuites } from '../suites/endings.js';
import { javascriptSuites } from '../suites/javascript.js';
import { nativeSuites } from '../suites/native.js';
import { root } from '../suites/process.js';
import { disagreements, families, rules, testsOf } from '../suites/rules.js';
import { runSuites } from '../suites/runner.js';
import { wasmSuites } from '../suites/wasm.js';

/** @import { Row } from '../suites/runner.js' */
/** @import { Suite } from '../suites/suite.js' */
/** @import { Family, Rule } from '../suites/rules.js' */

const page = join(root, 'docs/conformance.md');
const ruleSuites = [
  ...nativeSuites.filter(({ name }) => !name.startsWith('context_test')),
  ...wasmSuites,
  ...javascriptSuites,
  ...bridgeSuites,
  ...endingSuites,
];

/** What switches the stacks: a column each. */
const columns = {
  assembly: (/** @type {string} */ backend) => !['ucontext', 'asyncify'].includes(backend),
  ucontext: (/** @type {string} */ backend) => backend === 'ucontext',
  wasm: (/** @type {string} */ backend) => backend === 'asyncify',
};

/** @param {string[]} cells */
const line = (...cells) => `| ${cells.join(' | ')} |`;

// ---- rules --------------------------------------------------------------------------------------

/** @param {Row} row whether it failed otherwise than in a test, so that there may be tests of which nothing is known */
function isBroken({ failed, results }) {
  return failed > results.filter(({ ok }) => !ok).length;
}

/**
 * @param {Rule} rule
 * @param {readonly Row[]} rows
 * @returns {string} whether its tests passed on the hosts of these rows; if not, where
 */
function mark({ id }, rows) {
  const names = new Set(testsOf(id).map(({ name }) => name));
  const ran = rows.filter(({ results }) => results.some(({ name }) => names.has(name)));
  const failed = rows.filter(
    (row) => isBroken(row) || row.results.some(({ name, ok }) => names.has(name) && !ok),
  );
  if (failed.length) return `✗ ${failed.map(({ suite }) => `${suite.backend} ${suite.host}`).join(', ')}`;
  return ran.length ? '✓' : '–';
}

/** @param {Rule} rule */
function describe({ title, adapted, notApplicable }) {
  if (notApplicable) return `${title} _Not applicable: ${notApplicable}_`;
  return adapted ? `${title} _Adapted: ${adapted}_` : title;
}

/** @param {Rule} rule @returns {string} */
function listTests({ id }) {
  const names = testsOf(id).map(({ name, file }) =>
    file.endsWith('.js') ? `“${name}” in ${file.replace(/^.*\//, '')}` : `\`${name}\``,
  );
  return names.join('<br>');
}

/** @param {Rule} rule @param {readonly Row[]} rows */
function ruleLine(rule, rows) {
  const marks = Object.values(columns).map((has) =>
    mark(
      rule,
      rows.filter(({ suite }) => has(suite.backend)),
    ),
  );
  return line(rule.id, describe(rule), listTests(rule), ...marks);
}

/** @param {Family} family @param {readonly Row[]} rows */
function familyTable({ name, title, rules }, rows) {
  const head = [
    line('rule', '', 'tests', ...Object.keys(columns)),
    line('---', '---', '---', '---', '---', '---'),
  ];
  return [`### ${name}: ${title}`, '', ...head, ...rules.map((rule) => ruleLine(rule, rows)), ''];
}

// ---- hosts --------------------------------------------------------------------------------------

/** @param {readonly Suite[]} suites @param {readonly Row[]} rows */
function hostTable(suites, rows) {
  const lines = suites.map((suite) => {
    const row = rows.find((each) => each.suite === suite);
    const passed = row?.note ? `not run: ${row.note}` : String(row?.passed ?? 0);
    return line(suite.backend, suite.host, passed, String(row?.failed ?? 0));
  });
  return [line('backend', 'host', 'passed', 'failed'), line('---', '---', '--:', '--:'), ...lines, ''];
}

// ---- the page -----------------------------------------------------------------------------------

const adapted = rules.filter((rule) => rule.adapted).length;
const notApplicable = rules.filter((rule) => rule.notApplicable).length;
const asIs = rules.length - adapted - notApplicable;
const [greenletPrograms, geventPrograms] = [corpora.greenlet, corpora.gevent].map(
  (file) => readFileSync(file, 'utf8').match(/^program /gm)?.length ?? 0,
);

const introduction = `# Conformance

What python-greenlet does, and what WebAssembly adds to that, as ${rules.length} rules: ${asIs} are kept as they are,
${adapted} are adapted to C or to WebAssembly, and ${notApplicable} have no counterpart. They are listed in
\`tests/conformance/rules.json\`; a test bears the ids of the rules that it proves in its name, and checks what
python-greenlet was seen to do.

\`./build.sh conformance\` runs the tests and writes this page from what became of them.

## Rules

✓: each of the tests passed on every host of this kind; ✗: not on those that are named; –: none of them runs there.
_assembly_ are x86-64, AArch64, RISC-V 64, 32-bit ARM, i686 and 64-bit Windows; _wasm_ is Asyncify in Node, Deno, Bun,
Chromium and Firefox.
The tests of threads run on POSIX only.
`;

const corpusIntroduction = `## Recorded programs

${greenletPrograms} programs of greenlets were made at random and run with python-greenlet, and ${geventPrograms} programs of tasks
with gevent; what each greenlet then saw is recorded in \`tests/corpus\`. On each host every program must leave the
same trace, line by line: \`./build.sh corpus greenlet\`, \`./build.sh corpus gevent\`.
`;

/** @param {readonly Row[]} rows */
function render(rows) {
  return [
    introduction,
    ...families.flatMap((family) => familyTable(family, rows)),
    '## Hosts',
    '',
    ...hostTable(ruleSuites, rows),
    corpusIntroduction,
    ...hostTable(corpusSuites, rows),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** @param {string} text of the page @returns {string} without what depends on a run, and on where that was */
function withoutResults(text) {
  return text.replace(/^## Hosts\n.*/ms, '').replace(/\| (?:✓|✗[^|]*|–)(?= \|)/g, '| ·');
}

function check() {
  const complaints = disagreements();
  if (withoutResults(readFileSync(page, 'utf8')) !== withoutResults(render([])))
    complaints.push('docs/conformance.md is not that of these rules and tests: run ./build.sh conformance');
  return complaints;
}

async function write() {
  const rows = await runSuites([...ruleSuites, ...corpusSuites]);
  writeFileSync(page, render(rows));
  return rows.filter(({ failed }) => failed).map(({ suite }) => `${suite.name} failed`);
}

const complaints = process.argv[2] === '--check' ? check() : await write();
for (const complaint of complaints) console.error(complaint);
if (complaints.length) process.exitCode = 1;
