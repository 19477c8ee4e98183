import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endingNames } from './endings.js';
import { root } from './process.js';

/**
 * A rule of greenlet's, as tests/conformance/rules.json has it. Its id is in the names of the tests that prove it.
 * @typedef {object} Rule
 * @property {string} id
 * @property {string} title
 * @property {string} [adapted] how it differs here from upstream
 * @property {string} [notApplicable] why there is no such thing here
 *
 * @typedef {object} Family
 * @property {string} name
 * @property {string} title
 * @property {Rule[]} rules
 *
 * @typedef {object} NamedTest
 * @property {string} name
 * @property {string} file
 */

/** @param {string} file */
const read = (file) => readFileSync(join(root, file), 'utf8');

/** @type {Family[]} */
export const families = Object.entries(JSON.parse(read('tests/conformance/rules.json'))).map(
  ([name, { title, rules }]) => ({
    name,
    title,
    rules: Object.entries(rules).map(([id, rule]) => ({
      id,
      ...(typeof rule === 'string' ? { title: rule } : rule),
    })),
  }),
);

export const rules = families.flatMap((family) => family.rules);

/** @param {string} name of a test @returns {string[]} the ids of the rules that it proves: FN_02_… or (FN-02) */
export function rulesOf(name) {
  const ids = name.matchAll(/(?<![A-Za-z\d])([A-Z]{2})[-_](\d\d)(?!\d)/g);
  return [...ids].map(([, family, number]) => `${family}-${number}`);
}

/** @param {string} file @param {RegExp} pattern whose last group is a name @returns {NamedTest[]} */
function testsIn(file, pattern) {
  return [...read(file).matchAll(pattern)].map((match) => ({
    name: /** @type {string} */ (match.at(-1)),
    file,
  }));
}

/** @param {string} folder @param {RegExp} pattern */
const filesIn = (folder, pattern) =>
  readdirSync(join(root, folder))
    .filter((file) => pattern.test(file))
    .map((file) => `${folder}/${file}`);

/** Every test that has a name, of C and of JavaScript. */
export const tests = [
  ...[...filesIn('tests/conformance', /^test_.*\.c$/), 'tests/thread_test.c'].flatMap((file) =>
    testsIn(file, /^(?:LAST_)?TEST\((\w+)\)/gm),
  ),
  ...['tests/js', 'tests/js/bridge']
    .flatMap((folder) => filesIn(folder, /\.test\.js$/))
    .flatMap((file) => testsIn(file, /^ *(?:it|test)\(\s*(['"`])(.*?)\1,/gm)),
  ...endingNames.map((name) => ({ name, file: `tests/endings/${name}.c` })),
];

/** @param {string} id @returns {NamedTest[]} those that prove the rule */
export const testsOf = (id) => tests.filter(({ name }) => rulesOf(name).includes(id));

/** @returns {string[]} what does not agree between the list of rules and the tests' names */
export function disagreements() {
  const known = new Set(rules.map(({ id }) => id));
  const strangers = tests.flatMap(({ name, file }) =>
    rulesOf(name)
      .filter((id) => !known.has(id))
      .map((id) => `${file}: ${name}: there is no rule ${id}`),
  );
  const wrong = rules.flatMap(({ id, notApplicable }) => {
    const isTested = testsOf(id).length > 0;
    if (isTested && notApplicable) return [`${id} is not applicable, and has a test`];
    return isTested || notApplicable ? [] : [`${id} has no test`];
  });
  return [...strangers, ...wrong];
}
