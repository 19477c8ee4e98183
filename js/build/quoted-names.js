const quotedName = /"([^"\n]+)"|<([^>\n]+)>/g;

/**
 * What stands in quotes or angle brackets, as the names of headers do.
 * @param {string} text
 */
export function quotedNames(text) {
  return [...text.matchAll(quotedName)].map((match) => match[1] ?? match[2]);
}
