import { quotedNames } from './quoted-names.js';

const directive = /^[ \t]*(?:#|%:)[ \t]*(?:include|include_next|import|embed|define|if|elif)\b.*$/gm;

/**
 * The names in a file's directives.
 * @param {Uint8Array} bytes
 */
export function directiveNames(bytes) {
  const lines =
    new TextDecoder()
      .decode(bytes)
      .replace(/\\\r?\n/g, ' ')
      .match(directive) ?? [];
  return new Set(lines.flatMap(quotedNames));
}

/**
 * Whether a file includes what jumps need, so that it has to be compiled for them.
 * @param {Uint8Array} bytes
 */
export function includesSetjmp(bytes) {
  return directiveNames(bytes).has('setjmp.h');
}
