import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourcesIn } from '../suites/builds.js';
import { root } from '../suites/process.js';
import { placesOfAssembly } from './assembly.js';
import { placesOf } from './operators.js';

/** @import { Place } from './operators.js' */

/**
 * @typedef {object} Mutant
 * @property {string} file
 * @property {number} line
 * @property {string} within the function's name
 * @property {string} operator
 * @property {string} before the lines that are changed, with single blanks
 * @property {string} after
 * @property {string} text of the whole file
 */

/**
 * What each group is made of. The rest of src and wasm is declarations, or for other machines than this one.
 * @type {Record<string, string[]>}
 */
export const groups = {
  core: [
    'fatal',
    'generator',
    'greenlet',
    'greenlet_context',
    'greenlet_error',
    'greenlet_local',
    'memory',
    'pairs',
  ].map((name) => `src/${name}.c`),
  backends: [
    'src/context_native.c',
    'src/context_ucontext.c',
    'src/context_x86_64.S',
    'src/mark.h',
    'src/stack.c',
    'src/stack.h',
    'src/stack_guard.c',
    'src/thread_pthread.c',
    'wasm/context_asyncify.c',
    'wasm/entry.c',
  ],
  gevent: [
    ...sourcesIn('src/gevent', ['loop_uv.c']),
    'src/gevent/list.h',
    'wasm/door.c',
    'wasm/main.c',
    'wasm/runtime.c',
    'wasm/start.c',
  ],
};

/** @param {string} text */
const inOneLine = (text) => text.trim().replace(/\s+/g, ' ');

/** @param {string} text @param {number} at the last name before it that a body or a label follows, at a line's start */
function functionAt(text, at) {
  const heads = text.slice(0, at).matchAll(/^(?:\w[^;{}=]*?\b(\w+)\([^;{}]*\) \{|(\w+):)$/gm);
  const head = [...heads].at(-1);
  return head?.[1] ?? head?.[2] ?? '';
}

/**
 * What a file becomes if one of a place's texts stands there. No line moves.
 * @param {string} file
 * @param {string} source
 * @param {Place} place
 * @param {string} replacement
 * @returns {Mutant}
 */
export function mutantAt(file, source, { operator, start, end }, replacement) {
  const newlines = source.slice(start, end).match(/\n/g)?.join('') ?? '';
  const text = source.slice(0, start) + replacement + newlines + source.slice(end);
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const to = source.indexOf('\n', end);
  return {
    file,
    line: source.slice(0, start).split('\n').length,
    within: functionAt(source, start),
    operator,
    before: inOneLine(source.slice(from, to)),
    after: inOneLine(source.slice(from, start) + replacement + source.slice(end, to)),
    text,
  };
}

/** @param {string} file @returns {{ file: string, source: string, place: Place }[]} */
function placesIn(file) {
  const source = readFileSync(join(root, file), 'utf8');
  const places = file.endsWith('.S') ? placesOfAssembly(source) : placesOf(source);
  return places.map((place) => ({ file, source, place }));
}

/** @typedef {{ mutant: Mutant, rank: string }} Ranked */

/**
 * By nothing but the seed and its own lines: what is changed elsewhere in the project leaves a seed its mutants.
 * @param {Mutant} mutant
 * @param {number} seed
 * @returns {Ranked}
 */
function rank(mutant, seed) {
  const { file, within, before, after } = mutant;
  const words = [seed, file, within, before, after].join('\n');
  return { mutant, rank: createHash('sha256').update(words).digest('hex') };
}

/** @param {Ranked} a @param {Ranked} b */
const byRank = (a, b) => (a.rank < b.rank ? -1 : Number(a.rank > b.rank));

/**
 * Every place of some files once, in the order that a seed gives, each with one of its changes.
 * @param {readonly string[]} files
 * @param {number} seed
 * @returns {Mutant[]}
 */
export function drawMutants(files, seed) {
  const drawn = files.flatMap(placesIn).map(({ file, source, place }) => {
    const ranked = place.texts.map((text) => rank(mutantAt(file, source, place, text), seed));
    return ranked.sort(byRank)[0];
  });
  return drawn.sort(byRank).map(({ mutant }) => mutant);
}

/** @param {string} pattern @returns {string[]} the files of all groups whose name has it in it */
export function filesLike(pattern) {
  return Object.values(groups)
    .flat()
    .filter((file) => file.includes(pattern));
}
