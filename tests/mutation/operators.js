// What one token of C can be changed into. A place is a stretch of the source and the texts that may stand there
// instead. Not everything that is offered compiles; who draws a change finds that out.

import { closingOf, tokensOf } from './lexer.js';

/** @import { Token } from './lexer.js' */

/**
 * @typedef {object} Place
 * @property {string} operator the name of what is done there
 * @property {number} start
 * @property {number} end
 * @property {string[]} texts
 *
 * @typedef {(tokens: readonly Token[], at: number) => Place | undefined} Operator
 */

/** @param {string} operator @param {Token} first @param {Token} last @param {...string} texts @returns {Place} */
const place = (operator, { start }, { end }, ...texts) => ({ operator, start, end, texts });

/** @type {Record<string, string[]>} */
const comparisons = {
  '<': ['<=', '>=', '=='],
  '<=': ['<', '>'],
  '>': ['>=', '<=', '!='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
};

/** @type {Record<string, string[]>} */
const logic = { '&&': ['||'], '||': ['&&'], '!': [''] };

/** @type {Record<string, string[]>} */
const arithmetic = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['/'],
  '&': ['|'],
  '|': ['&'],
  '^': ['|'],
  '<<': ['>>'],
  '>>': ['<<'],
};

/** @type {Record<string, string[]>} */
const updates = {
  '++': ['--'],
  '--': ['++'],
  '+=': ['-=', '='],
  '-=': ['+=', '='],
  '*=': ['/='],
  '|=': ['&=', '='],
  '&=': ['|=', '='],
  '^=': ['='],
};

/** @type {Record<string, string[]>} */
const words = {
  else: [''],
  while: ['if'],
  break: ['continue', ''],
  continue: ['break', ''],
  STATE_NEW: ['STATE_STARTED', 'STATE_DEAD'],
  STATE_STARTED: ['STATE_NEW', 'STATE_DEAD'],
  STATE_DEAD: ['STATE_NEW', 'STATE_STARTED'],
  GREENLET_OK: ['GREENLET_EXITED', 'GREENLET_EFAILED'],
  GREENLET_EXITED: ['GREENLET_OK'],
};

const keywords = /^(?:return|sizeof|case|else|do|goto)$/;

/** @param {Token | undefined} token whether a value can end with it, as the left side of an operator does */
function endsValue(token) {
  if (!token || keywords.test(token.text)) return false;
  return token.kind !== 'mark' || token.text === ')' || token.text === ']';
}

/** @param {Token | undefined} token */
function namesType(token) {
  return !token || /(?:_t|_fn)$|^(?:void|char|int|unsigned|const|struct)$/.test(token.text);
}

/** @type {Operator} */
function compareOtherwise(tokens, at) {
  const texts = comparisons[tokens[at].text];
  return texts && place('comparison', tokens[at], tokens[at], ...texts);
}

/** @type {Operator} */
function changeLogic(tokens, at) {
  const texts = logic[tokens[at].text];
  return texts && place('logic', tokens[at], tokens[at], ...texts);
}

/** @type {Operator} */
function calculateOtherwise(tokens, at) {
  const texts = arithmetic[tokens[at].text];
  if (!texts || !endsValue(tokens[at - 1])) return;
  if (namesType(tokens[at - 1]) || /^[,)*]$/.test(tokens[at + 1]?.text)) return; // a pointer's type
  return place('arithmetic', tokens[at], tokens[at], ...texts);
}

/** @type {Operator} */
function dropSign(tokens, at) {
  if (tokens[at].text !== '-' || endsValue(tokens[at - 1])) return;
  return place('arithmetic', tokens[at], tokens[at], '');
}

/** @type {Operator} */
function updateOtherwise(tokens, at) {
  const texts = updates[tokens[at].text];
  return texts && place('update', tokens[at], tokens[at], ...texts);
}

/** @type {Operator} */
function changeNumber(tokens, at) {
  const { kind, text } = tokens[at];
  const [, digits, suffix] = /^(0[xX][\da-fA-F]+|\d+)([uUlL]*)$/.exec(text) ?? [];
  if (kind !== 'number' || !digits) return;
  const value = BigInt(digits);
  const others = value === 0n ? [1n] : [value + 1n, value - 1n];
  return place('constant', tokens[at], tokens[at], ...others.map((other) => `${other}${suffix}`));
}

/** @type {Operator} */
function changeWord(tokens, at) {
  const texts = Object.hasOwn(words, tokens[at].text) && words[tokens[at].text];
  return texts ? place('word', tokens[at], tokens[at], ...texts) : undefined;
}

/** @type {Operator} */
function changeCode(tokens, at) {
  if (!/^GREENLET_E[A-Z]{3,}$/.test(tokens[at].text) || tokens[at].text === 'GREENLET_EXITED') return;
  const other = tokens[at].text === 'GREENLET_EFAILED' ? 'GREENLET_EINVAL' : 'GREENLET_EFAILED';
  return place('word', tokens[at], tokens[at], other);
}

/** @type {Operator} */
function negateCondition(tokens, at) {
  if (!/^(?:if|while)$/.test(tokens[at].text) || tokens[at + 1]?.text !== '(') return;
  const close = closingOf(tokens, at + 1);
  const condition = tokens.slice(at + 1, close + 1).map(({ text }) => text);
  return place('condition', tokens[at + 1], tokens[close], `(!${condition.join(' ')})`);
}

/** @type {Operator} */
function changeResult(tokens, at) {
  if (tokens[at].text !== 'return' || tokens[at].depth === 0) return;
  const end = tokens.findIndex(({ text }, i) => i > at && text === ';');
  const result = tokens.slice(at + 1, end);
  if (!result.length) return place('result', tokens[at], tokens[at], '');
  if (result.length === 1 && /^(?:\d.*|GREENLET_\w+)$/.test(result[0].text)) return; // constants have their own
  return place('result', result[0], tokens[end - 1], result[0].text === 'NULL' ? '1' : '0');
}

/** @param {readonly Token[]} tokens @param {number} at whether a statement can begin there */
function beginsStatement(tokens, at) {
  const isCast = tokens[at - 1].text === ')' && tokens[at - 2].text === 'void';
  return !isCast && /^(?:[;{})]|else|do)$/.test(tokens[at - 1].text);
}

/** @type {Operator} */
function dropStatement(tokens, at) {
  if (tokens[at].depth === 0 || !beginsStatement(tokens, at)) return;
  if (!/^(?:\+\+|--)$/.test(tokens[at].text) && !isExpression(tokens, at)) return;
  const end = tokens.findIndex(({ text }, i) => i > at && text === ';');
  return isBalanced(tokens.slice(at, end)) ? place('statement', tokens[at], tokens[end - 1], '') : undefined;
}

/** @param {readonly Token[]} tokens @param {number} at whether a call or an assignment begins there */
function isExpression(tokens, at) {
  if (tokens[at].text === '*') return tokens[at + 2].text === '=';
  if (tokens[at].text === '(') return tokens[at + 1].text === 'void' && tokens[at + 3].kind === 'name';
  if (tokens[at].kind !== 'name' || /^(?:if|for|while|switch|return|static)$/.test(tokens[at].text))
    return false;
  return /^(?:[-+|&^*]?=|->|\+\+|--|[.[(])$/.test(tokens[at + 1]?.text ?? '');
}

/** @param {readonly Token[]} tokens whether each bracket in them has its other half */
function isBalanced(tokens) {
  const nesting = tokens.map(({ text }) => ('([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0));
  let sum = 0;
  return nesting.every((step) => (sum += step) >= 0) && sum === 0;
}

/** @type {Operator[]} */
const operators = [
  compareOtherwise,
  changeLogic,
  calculateOtherwise,
  dropSign,
  updateOtherwise,
  changeNumber,
  changeWord,
  changeCode,
  negateCondition,
  changeResult,
  dropStatement,
];

/** What is left alone, with all that stands in its brackets: it makes no difference to what a program does. */
const ignored = /^(?:assert|static_assert|_Static_assert|__attribute__|__asm__)$/;

/**
 * Every place of a C file that can be changed, in order.
 * @param {string} source
 * @returns {Place[]}
 */
export function placesOf(source) {
  const tokens = tokensOf(source);
  /** @type {Place[]} */
  const places = [];
  for (let i = 0; i < tokens.length; i++) {
    if (ignored.test(tokens[i].text) && tokens[i + 1]?.text === '(') i = closingOf(tokens, i + 1) + 1;
    for (const operator of operators) {
      const found = i < tokens.length && operator(tokens, i);
      if (found) places.push(found);
    }
  }
  return places;
}
