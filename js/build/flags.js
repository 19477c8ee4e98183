import { BuildError } from './errors.js';
import { quotedNames } from './quoted-names.js';

/**
 * @typedef {object} SortedFlags
 * @property {string[]} compile for the compiler, as given
 * @property {string[]} searchFolders where #include looks, in order
 * @property {string[]} includedNames headers that flags name: forced ones, and ones in a macro's value
 * @property {string[]} libraries the names given with -l
 * @property {string[]} libraryFolders
 * @property {string[]} linker for the linker, as given
 * @property {boolean} debug whether -g was given
 * @property {string} optimize what follows -O
 */

/** Flags whose value may be the next argument. */
const withValue = /^-(I|D|U|L|l|o|include|imacros|isystem|iquote|idirafter|Xclang|mllvm)$/;

/** Has clang make exceptions of setjmp and longjmp, which it else refuses (wasm/setjmp.c). */
export const jumpFlags = ['-mllvm', '-wasm-enable-sjlj'];

/** What would make something else than a program, and why it is not done. */
const refused = [
  {
    flag: /^-([cSE]|M.*)$/,
    reason: 'greenlet-wasm builds whole programs, from sources, objects and archives',
  },
  { flag: /^(-target|--target=.*|-m(32|64))$/, reason: 'the target is always wasm32-wasip1' },
  { flag: /^-(shared|fPIC|fpic)$/, reason: 'there are no shared libraries here; link objects or archives' },
  {
    flag: /^-f(cxx-|wasm-|sjlj-)?exceptions$/,
    reason: 'C++ is built without exceptions: an unwind cannot cross a greenlet switch',
  },
  {
    flag: /^-wasm-(use-legacy-eh=false|use-legacy-eh=0)$/,
    reason: 'Asyncify takes exceptions of the older form only',
  },
  { flag: /^-flto/, reason: 'link-time optimisation would inline a greenlet switch into its callers' },
];

/**
 * How many arguments a compiler-style flag takes in all: itself, and its value when that stands apart.
 * @param {string} flag
 */
export function flagLength(flag) {
  return withValue.test(flag) ? 2 : 1;
}

/**
 * Sorts compiler-style flags by who needs them.
 * @param {readonly string[]} flags
 * @returns {SortedFlags}
 */
export function sortFlags(flags) {
  /** @type {SortedFlags} */
  const sorted = {
    compile: [],
    searchFolders: [],
    includedNames: [],
    libraries: [],
    libraryFolders: [],
    linker: [],
    debug: false,
    optimize: '2',
  };
  for (let at = 0; at < flags.length; ) {
    const length = flagLength(flags[at]);
    sortOne(flags.slice(at, at + length), sorted);
    at += length;
  }
  return sorted;
}

/**
 * @param {string[]} flag with its value, if that stands apart
 * @param {SortedFlags} sorted
 */
function sortOne(flag, sorted) {
  const [first] = flag;
  flag.forEach(refuse);
  if (flagLength(first) > flag.length) throw new BuildError('EFLAG', `${first} needs a value after it`);
  const folder = valueAfter(flag, /^-(?:I|isystem|iquote|idirafter)/);
  if (folder) sorted.searchFolders.push(folder);
  const forced = valueAfter(flag, /^-(?:include|imacros)$/);
  if (forced) sorted.includedNames.push(forced);
  sorted.includedNames.push(...quotedNames(flag.join(' ')));
  if (first === '-pthread') return void sorted.compile.push('-D_REENTRANT'); // pthreads are greenlets here
  if (/^-g/.test(first)) sorted.debug = first !== '-g0';
  if (/^-O/.test(first)) sorted.optimize = first.slice(2) || '1';
  else if (!sortLinking(flag, sorted)) sorted.compile.push(...flag);
}

/**
 * @param {string[]} flag
 * @param {SortedFlags} sorted
 */
function sortLinking(flag, sorted) {
  const library = valueAfter(flag, /^-l/);
  const folder = valueAfter(flag, /^-L/);
  if (library) sorted.libraries.push(library);
  else if (folder) sorted.libraryFolders.push(folder);
  else if (flag[0].startsWith('-Wl,')) sorted.linker.push(...flag[0].slice('-Wl,'.length).split(','));
  else return false;
  return true;
}

/** @param {string} flag */
function refuse(flag) {
  const why = refused.find(({ flag: pattern }) => pattern.test(flag));
  if (why) throw new BuildError('EFLAG', `${flag} cannot be used: ${why.reason}`);
}

/**
 * @param {string[]} flag
 * @param {RegExp} name
 */
function valueAfter([first, second], name) {
  if (!name.test(first)) return undefined;
  return second ?? first.replace(name, '');
}
