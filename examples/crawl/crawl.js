// The JavaScript half of examples/crawl.c: what the program imports, and the site that it crawls
// unless its first argument is a URL.

import { serve } from './server.js';

/**
 * @param {{ args?: string[] }} [context] the program's arguments: [URL] [WORKERS [SECONDS]]
 * @returns {Promise<{
 *   imports: { crawl: { fetch_page: typeof fetchPage } },
 *   args?: string[],
 *   close?: () => Promise<void>,
 * }>} `args`, where present, takes the place of the arguments that were given
 */
export default async function companion({ args = [] } = {}) {
  const imports = { crawl: { fetch_page: fetchPage } };
  if (/^https?:\/\//.test(args[0] ?? '')) return { imports };
  const site = await serve();
  return { imports, args: [site.url, ...args], close: site.close };
}

/**
 * Fetches a page and follows its redirects. The bytes are those of one line,
 * "STATUS CONTENT-TYPE FINAL-URL\n", and the body. The content type comes without parameters, "-"
 * if there is none. Rejects with "connection reset", "too many redirects" or what else went wrong;
 * with the signal's reason if that has aborted.
 * @param {string} url
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<Uint8Array>}
 */
export async function fetchPage(url, { signal } = {}) {
  try {
    const response = await fetch(url, { signal });
    const body = Buffer.from(await response.arrayBuffer());
    return Buffer.concat([Buffer.from(headerOf(response, url)), body]);
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(reasonOf(error), { cause: error });
  }
}

// Where nothing was redirected the URL stays as it was spelt, so that the program can tell.
/** @param {Response} response @param {string} url */
function headerOf(response, url) {
  const [type] = (response.headers.get('content-type') ?? '-').split(/[;\s]/);
  return `${response.status} ${type || '-'} ${response.redirected ? response.url : url}\n`;
}

// fetch says no more than "fetch failed" or "terminated"; what happened is in the cause.
/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  const { message, cause } = /** @type {Error & { cause?: { code?: string, message?: string } }} */ (error);
  if (cause?.code === 'UND_ERR_SOCKET' || cause?.code === 'ECONNRESET') return 'connection reset';
  if (cause?.message === 'redirect count exceeded') return 'too many redirects';
  return cause?.message || message;
}
