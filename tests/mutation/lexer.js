/**
 * @typedef {object} Token
 * @property {'name' | 'number' | 'text' | 'mark'} kind
 * @property {string} text
 * @property {number} start
 * @property {number} end
 * @property {number} depth how many braces it is in
 */

// In this order: what cannot change, then the rest, the longest mark first.
const pattern = new RegExp(
  [
    /(?<blank>\s+|\\\n)/,
    /(?<comment>\/\/(?:\\\n|.)*|\/\*[\s\S]*?\*\/)/,
    /(?<directive>(?<=^[ \t]*)#(?:\\\n|\/\*[\s\S]*?\*\/|.)*)/,
    /(?<text>(?:u8|[uUL])?"(?:\\[\s\S]|[^"\\\n])*"|[uUL]?'(?:\\[\s\S]|[^'\\\n])*')/,
    /(?<name>[A-Za-z_]\w*)/,
    /(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)/,
    /(?<mark><<=|>>=|\.\.\.|->|\+\+|--|<<|>>|[<>=!]=|&&|\|\||[-+*/%&|^]=|[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gm',
);

/**
 * The tokens of a C file, without comments and preprocessor directives.
 * @param {string} source
 * @returns {Token[]}
 */
export function tokensOf(source) {
  /** @type {Token[]} */
  const tokens = [];
  let depth = 0;
  for (const { 0: text, index: start, groups = {} } of source.matchAll(pattern)) {
    const kind = /** @type {const} */ (['name', 'number', 'text', 'mark']).find((each) => groups[each]);
    if (!kind) continue;
    if (text === '}') depth--;
    tokens.push({ kind, text, start, end: start + text.length, depth });
    if (text === '{') depth++;
  }
  return tokens;
}

/**
 * Where the bracket closes that is opened by a token.
 * @param {readonly Token[]} tokens
 * @param {number} open
 */
export function closingOf(tokens, open) {
  let nesting = 0;
  for (let i = open; i < tokens.length; i++) {
    if ('([{'.includes(tokens[i].text)) nesting++;
    if (')]}'.includes(tokens[i].text) && --nesting === 0) return i;
  }
  return tokens.length - 1;
}
