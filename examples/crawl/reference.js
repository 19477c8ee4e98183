// The crawl of examples/crawl.c once more, in plain JavaScript, one page after the other: what the C
// program prints has to be the same to the byte. Run it by `node examples/crawl/reference.js [URL]`.
//
// What both mean by their words, all in terms of bytes, whatever the encoding of a page:
//
// Space is tab, line feed, form feed, carriage return and blank.
//
// A tag is "<" or "</", a name (a letter, then anything but space, "/" and ">") and attributes up to
// the next ">" that is in no quoted value. An attribute is a name (anything but space, "/", ">" and
// "="), and, if "=" follows (space around it is skipped), a value: from a quote, ' or ", to the
// next of its kind, else up to space or ">". Space and "/" before an attribute are skipped.
// "<!--" begins a comment, which ends after the next "-->"; any other "<!", and "<?", ends after the
// next ">". After the start tag of a script or style element everything up to the next "</script"
// or "</style" belongs to it. All names are case-insensitive. What is cut off by the end of the page
// ends there and counts. A "<" that begins none of these is text, as is everything else.
//
// A link is the first href attribute with a value of a start tag called "a", with "&amp;" and "&#38;"
// read as "&", what is at most a blank (0x20) cut off at both ends, everything from "#" on cut off,
// and each byte outside 0x21..0x7e written as %XX.
//
// A word is a longest run of ASCII letters, digits and bytes from 0x80 on within text.
//
// A link is resolved against the final URL of its page as in RFC 3986: with "//" in front it gets the
// scheme of the site; with a scheme in front it is absolute and must have the site's origin (case
// ignored) and then "/", "?" or nothing; empty, it is the page itself; with "?" in front it replaces
// the query; with "/" in front the path, else the last segment of the path. Then the segments "." and
// ".." go. <base> is ignored. A page is known by its path with the query, byte by byte.
//
// The frontier begins with the start page. Each URL in it is requested once, by one call of
// fetch_page, and has an outcome, and bytes, words and links, which are 0 where nothing is said:
//   "redirect"     the final URL is another one; that joins the frontier if it is on the site
//   "404", "200"…  the status; bytes are those of the body. If it is less than 400 and the content
//                  type is text/html: words and links, and those on the site join the frontier
//   "timeout"      the answer was not complete after `timeout` seconds
//   anything else  the message with which fetch_page rejected
//
// The report is sorted by directory (the path up to its last "/"), then by path and query, as bytes.

import { pathToFileURL } from 'node:url';
import companion, { fetchPage } from './crawl.js';

/**
 * @typedef {object} Page
 * @property {string} path with its query
 * @property {string} outcome
 * @property {boolean} html
 * @property {number} bytes
 * @property {number} words
 * @property {number} links
 */

/**
 * Crawls a site.
 * @param {string} url of the start page
 * @param {{ timeout?: number }} [options] seconds for one request
 * @returns {Promise<{ pages: Page[], table: string, digest: string }>} table: what crawl.c prints
 */
export async function crawl(url, { timeout = 1 } = {}) {
  const origin = /** @type {RegExpExecArray} */ (/^https?:\/\/[^/?#]*/i.exec(url))[0].toLowerCase();
  const start = /** @type {string} */ (resolve(origin, '/', url));
  const frontier = new Set([start]);
  const pages = [];
  for (const path of frontier) {
    const { found, ...page } = await visit(origin, path, timeout);
    pages.push(page);
    for (const next of found) frontier.add(next);
  }
  pages.sort((a, b) => compare(directoryOf(a), directoryOf(b)) || compare(a.path, b.path));
  const digest = digestOf(pages);
  return { pages, digest, table: `${tableOf(pages)}digest ${digest}\n` };
}

/**
 * @param {string} origin @param {string} path @param {number} timeout
 * @returns {Promise<Page & { found: string[] }>} found: the URLs on the site to which it leads
 */
async function visit(origin, path, timeout) {
  const page = { path, outcome: '', html: false, bytes: 0, words: 0, links: 0 };
  const signal = AbortSignal.timeout(timeout * 1000);
  let answer;
  try {
    answer = Buffer.from(await fetchPage(origin + path, { signal })).toString('latin1');
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    return { ...page, outcome: signal.aborted ? 'timeout' : message, found: [] };
  }

  const end = answer.indexOf('\n');
  const [status, type, final] = answer.slice(0, end).split(' ');
  const body = answer.slice(end + 1);
  if (final !== origin + path) {
    return { ...page, outcome: 'redirect', found: onSite([resolve(origin, path, final)]) };
  }
  const html = Number(status) < 400 && type === 'text/html';
  const { words, links } = html ? scan(body) : { words: 0, links: [] };
  const found = onSite(links.map((link) => resolve(origin, path, link)));
  return { path, outcome: status, html, bytes: body.length, words, links: links.length, found };
}

/** @param {(string | undefined)[]} paths */
function onSite(paths) {
  return paths.filter((path) => path !== undefined);
}

// ---- HTML ---------------------------------------------------------------------------------------

// Explicit classes: \s would match the byte 0xa0.
const token = /<!--.*?(?:-->|$)|<[!?][^>]*>?|<(\/?)([a-z][^\t\n\f\r />]*)|([a-z0-9\x80-\xff]+)|./gisy;
const attribute =
  /[\t\n\f\r /]*(>|([^\t\n\f\r />=]*)(?:[\t\n\f\r ]*(=)[\t\n\f\r ]*(?:"([^"]*)"?|'([^']*)'?|([^\t\n\f\r >]*)))?)/y;

/**
 * @param {string} html bytes, as latin1
 * @returns {{ words: number, links: string[] }}
 */
export function scan(html) {
  const links = [];
  let words = 0;
  let at = 0;
  while (at < html.length) {
    const [text, slash, name, word] = match(token, html, at);
    at += text.length;
    if (word) words++;
    if (!name) continue;
    const { href, end } = scanAttributes(html, at);
    at = end;
    if (slash) continue;
    if (/^a$/i.test(name) && href !== undefined) links.push(clean(href));
    if (/^(script|style)$/i.test(name)) at = endOfElement(html, at, name);
  }
  return { words, links };
}

/** @param {string} html @param {number} start */
function scanAttributes(html, start) {
  let href;
  let at = start;
  while (at < html.length) {
    const [text, sign, name, equals, ...values] = match(attribute, html, at);
    at += text.length;
    if (sign === '>') break;
    if (equals && /^href$/i.test(name)) href ??= values.find((value) => value !== undefined) ?? '';
  }
  return { href, end: at };
}

/** @param {string} html @param {number} at @param {string} name */
function endOfElement(html, at, name) {
  const length = html.slice(at).search(new RegExp(`</${name}`, 'i'));
  return length < 0 ? html.length : at + length;
}

/** @param {RegExp} pattern sticky @param {string} text @param {number} at */
function match(pattern, text, at) {
  pattern.lastIndex = at;
  return /** @type {RegExpExecArray} */ (pattern.exec(text));
}

/** @param {string} href */
function clean(href) {
  return href
    .replace(/&(?:amp|#38);/g, '&')
    .replace(/^[\0-\x20]+|[\0-\x20]+$/g, '')
    .replace(/#.*/s, '')
    .replace(/[^\x21-\x7e]/g, (byte) => `%${hex(byte.charCodeAt(0), 2).toUpperCase()}`);
}

// ---- URLs ---------------------------------------------------------------------------------------

/**
 * @param {string} origin @param {string} base path and query of the page with the link
 * @param {string} link
 * @returns {string | undefined} path and query, undefined if it leads away from the site
 */
export function resolve(origin, base, link) {
  const local = localPart(origin, link);
  if (local === undefined) return undefined;
  if (local === '') return base;
  const [path] = base.split('?');
  if (local.startsWith('?')) return path + local;
  const full = local.startsWith('/') ? local : path.slice(0, path.lastIndexOf('/') + 1) + local;
  const query = full.indexOf('?') < 0 ? full.length : full.indexOf('?');
  return withoutDots(full.slice(0, query)) + full.slice(query);
}

/** @param {string} origin @param {string} link @returns {string | undefined} without the origin */
function localPart(origin, link) {
  const full = link.startsWith('//') ? origin.slice(0, origin.indexOf('/')) + link : link;
  if (!/^[a-z][a-z0-9+.-]*:/i.test(full)) return full;
  const rest = full.slice(origin.length);
  if (full.slice(0, origin.length).toLowerCase() !== origin || !/^(?:[/?]|$)/.test(rest)) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** @param {string} path with "/" in front */
function withoutDots(path) {
  /** @type {string[]} */
  const kept = [];
  const segments = path.slice(1).split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  if (/^\.\.?$/.test(segments[segments.length - 1])) kept.push('');
  return `/${kept.join('/')}`;
}

// ---- the report ---------------------------------------------------------------------------------

/** @param {Page[]} pages sorted */
function tableOf(pages) {
  const columns = ['pages', 'bytes', 'words', 'links', 'other', 'moved', 'broken', 'failed'];
  const lines = [row('directory', columns)];
  for (const directory of new Set(pages.map(directoryOf))) {
    lines.push(row(directory, sums(pages.filter((page) => directoryOf(page) === directory))));
  }
  lines.push(row('total', sums(pages)), '');
  for (const { path, outcome } of pages) {
    if (!/^[1-3]\d\d$/.test(outcome)) lines.push(`${outcome.padEnd(20)}${path}`);
  }
  return `${lines.join('\n')}\n\n`;
}

/** @param {string} name @param {(string | number)[]} cells */
function row(name, cells) {
  const widths = [6, 9, 8, 7, 6, 6, 7, 7];
  return name.padEnd(28) + cells.map((cell, i) => String(cell).padStart(widths[i])).join('');
}

/** @param {Page[]} pages */
function sums(pages) {
  /** @param {(page: Page) => number | boolean} value */
  const sum = (value) => pages.reduce((total, page) => total + Number(value(page)), 0);
  return [
    sum((page) => page.html),
    sum((page) => page.bytes),
    sum((page) => page.words),
    sum((page) => page.links),
    sum((page) => /^[1-3]/.test(page.outcome) && !page.html),
    sum((page) => page.outcome === 'redirect'),
    sum((page) => /^[4-9]/.test(page.outcome)),
    sum((page) => /^[^0-9]/.test(page.outcome) && page.outcome !== 'redirect'),
  ];
}

/** FNV-1a, 64 bits. @param {Page[]} pages sorted */
function digestOf(pages) {
  let hash = 0xcbf29ce484222325n;
  for (const { path, outcome, bytes, words, links } of pages) {
    for (const byte of Buffer.from(`${path} ${outcome} ${bytes} ${words} ${links}\n`)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hex(hash, 16);
}

/** @param {number | bigint} value @param {number} digits */
function hex(value, digits) {
  return value.toString(16).padStart(digits, '0');
}

/** @param {Page} page */
function directoryOf({ path }) {
  return path.slice(0, path.split('?')[0].lastIndexOf('/') + 1);
}

/** @param {string} a @param {string} b */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const given = process.argv.slice(2);
  const { args = given, close } = await companion({ args: given });
  const { table } = await crawl(args[0]);
  process.stdout.write(table);
  await close?.();
}
