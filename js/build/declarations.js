// The TypeScript declarations of a module: what its C source says with GEVENT_EXPORT and GEVENT_IMPORT.

/** @import { DoorType, ImportSignature, Records, Signature } from '../records.js' */

import { iterationImports } from '../iterate.js';

/**
 * What a value of C is in JavaScript (js/cells.js).
 *
 * @type {Record<DoorType | 'void', string>}
 */
const fromC = {
  void: 'void',
  i32: 'number',
  i64: 'bigint',
  f32: 'number',
  f64: 'number',
  string: 'string',
  bytes: 'Uint8Array',
  json: 'any',
  ref: 'any',
  stream: 'any',
  lent: 'Lent<any>',
};

/**
 * What JavaScript may give C for one.
 *
 * @type {Record<DoorType | 'void', string>}
 */
const toC = {
  ...fromC,
  i64: 'bigint | number',
  bytes: 'ArrayBuffer | ArrayBufferView',
  json: 'unknown',
  ref: 'unknown',
  stream: 'StreamLike',
};

/** The door knows types of parameters, not names; it has at most eight. */
const PARAMETERS = [...'abcdefgh'];

/** @param {string} name as a key of an object type */
function key(name) {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}

/** @param {DoorType[]} types @param {Record<DoorType, string>} table */
function parameterList(types, table) {
  return types.map((type, i) => `${PARAMETERS[i]}: ${table[type]}`);
}

/** @param {Signature} signature */
function describeExport({ name, result, parameters, isIterable }) {
  const gives = isIterable ? `AsyncIterable<${fromC[result]}>` : fromC[result];
  return `${key(name)}: (${parameterList(parameters, toC).join(', ')}) => ${gives};`;
}

/** @param {ImportSignature} signature */
function describeImport({ name, result, parameters }) {
  const list = [...parameterList(parameters, fromC), 'context: ImportContext'];
  const value = toC[result];
  const answer = value === 'unknown' ? value : `${value} | PromiseLike<${value}>`;
  return `${key(name)}: (${list.join(', ')}) => ${answer};`;
}

/** @param {string} name @param {string[]} members of an object type, a line each */
function block(name, members) {
  return members.length ? [`${name}: {`, ...members.map((line) => `  ${line}`), '};'] : [`${name}: {};`];
}

/** @param {Iterable<ImportSignature>} imports */
function describeImports(imports) {
  /** @type {Map<string, string[]>} */
  const modules = new Map();
  for (const signature of imports) {
    const members = modules.get(signature.module) ?? [];
    modules.set(signature.module, [...members, describeImport(signature)]);
  }
  return [...modules].flatMap(([module, members]) => block(key(module), members));
}

/** @param {string} text @returns {string[]} the types of the package that it names */
function namedTypes(text) {
  return ['ImportContext', 'Lent', 'StreamLike'].filter((name) => new RegExp(`\\b${name}\\b`).test(text));
}

/** What `load` does not give of itself. @param {Records} records */
function wantedImports({ imports }) {
  return [...imports.values()].filter(({ module }) => !(module in iterationImports));
}

/**
 * A file of declarations with one interface, `Module`, for `load<Module>()`.
 *
 * @param {Records} records
 * @param {string} from the module's name, for whoever reads the file
 */
export function declarationsOf(records, from) {
  const members = [
    ...block('exports', [...records.exports.values()].map(describeExport)),
    ...block('imports', describeImports(wantedImports(records))),
  ];
  const types = namedTypes(members.join('\n'));
  return [
    `// Generated from ${from.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')} by \`greenlet-wasm types\`: do not edit.`,
    ...(types.length ? [`import type { ${types.join(', ')} } from 'greenlet-wasm';`] : []),
    '',
    '/** What crosses the door of the module: for `load<Module>()`. */',
    'export interface Module {',
    ...members.map((line) => `  ${line}`),
    '}',
    '',
  ].join('\n');
}
