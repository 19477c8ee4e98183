/**
 * What a compiler has to say of a place.
 *
 * @typedef {object} Finding
 * @property {number} line from 1 on
 * @property {number} column from 1 on, in bytes
 * @property {'error' | 'warning' | 'info'} severity
 * @property {string} message with the notes that follow it
 */

const located = /^(.+?):(\d+):(\d+): (fatal error|error|warning|note): (.*)$/;

/** @type {Record<string, Finding['severity']>} */
const severities = { 'fatal error': 'error', error: 'error', warning: 'warning' };

/**
 * The findings in what clang has printed that are about one file. A note belongs to the finding before it.
 *
 * @param {string} text
 * @param {string} file
 * @returns {Finding[]}
 */
export function findingsIn(text, file) {
  /** @type {Finding[]} */
  const findings = [];
  for (const row of text.split('\n')) {
    const [, where, line, column, kind, message] = located.exec(row) ?? [];
    const last = findings.at(-1);
    if (kind === 'note' && last) last.message += `\nnote: ${message}`;
    else if (where === file && severities[kind])
      findings.push({ line: Number(line), column: Number(column), severity: severities[kind], message });
  }
  return findings;
}
