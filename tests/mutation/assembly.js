/** @import { Place } from './operators.js' */

const instruction = /^(?:\d+:)?[ \t]+([a-z]\w*[^\n/]*?)[ \t]*(?:\/\/.*)?$/gm;

/** Moves and address calculations, of which one that is dropped changes what is kept; nothing else is dropped. */
const droppable = /^(?:mov|lea|and|stmxcsr|fnstcw|ldmxcsr|fldcw|xor)/;

/** @type {[RegExp, string][]} */
const swaps = [
  [/^jnz\b/, 'jz'],
  [/^jne\b/, 'je'],
  [/\$-16\b/, '$-8'],
  [/\$MXCSR_CONTROL\b/, '$0'],
  [/\bSIZE \+ 8\b/, 'SIZE'],
];

/**
 * Every place of an assembly file that can be changed: instructions, and a few of their operands. What describes
 * frames to a debugger is left alone.
 * @param {string} source
 * @returns {Place[]}
 */
export function placesOfAssembly(source) {
  return [...source.matchAll(instruction)].flatMap((match) => {
    const text = match[1];
    const start = match.index + match[0].indexOf(text);
    const swapped = swaps.flatMap(([from, to]) => (from.test(text) ? [text.replace(from, to)] : []));
    const texts = [...(droppable.test(text) ? ['nop'] : []), ...swapped];
    return texts.length ? [{ operator: 'instruction', start, end: start + text.length, texts }] : [];
  });
}
