/**
 * A part of the compiler, as the site has it (build/toolchain.js).
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} file with gzip, and named after what is in it
 * @property {string} type of what is in it
 * @property {number} size of the file, in bytes
 *
 * @typedef {object} ToolchainIndex
 * @property {import('../../../../js/build/kit-build.js').Recipe} recipe
 * @property {readonly Part[]} parts
 *
 * @typedef {{ done: number, total: number }} Progress in bytes
 */

const cacheName = 'greenlet-playground-toolchain';

/**
 * Fetches all parts, from the browser's cache where they are there, and decompresses them.
 *
 * @param {URL} folder
 * @param {readonly Part[]} parts
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Map<string, Blob>>} by name
 */
export async function fetchParts(folder, parts, onProgress) {
  const cache = await openCache();
  const progress = { done: 0, total: parts.reduce((sum, { size }) => sum + size, 0) };
  const advance = (/** @type {number} */ bytes) => {
    progress.done += bytes;
    onProgress(progress);
  };
  const blobs = await Promise.all(
    parts.map(async ({ name, file, type }) => {
      const response = await fetchKept(cache, new URL(file, folder).href);
      return /** @type {const} */ ([name, await decompress(response, type, advance)]);
    }),
  );
  await cache?.keepOnly(new Set(parts.map(({ file }) => new URL(file, folder).href)));
  return new Map(blobs);
}

/** Where the page is not served securely, there is none. */
async function openCache() {
  if (!('caches' in globalThis)) return undefined;
  const cache = await caches.open(cacheName);
  return {
    match: (/** @type {string} */ url) => cache.match(url),
    /** It serves without being kept, too, should there be no room. */
    keep: (/** @type {string} */ url, /** @type {Response} */ response) =>
      cache.put(url, response).catch(() => {}),
    async keepOnly(/** @type {ReadonlySet<string>} */ urls) {
      const kept = await cache.keys();
      await Promise.all(kept.filter(({ url }) => !urls.has(url)).map((request) => cache.delete(request)));
    },
  };
}

/**
 * @param {Awaited<ReturnType<typeof openCache>>} cache
 * @param {string} url
 */
async function fetchKept(cache, url) {
  const kept = await cache?.match(url);
  if (kept) return kept;
  const response = await fetch(url).catch((cause) => {
    throw new Error('the compiler cannot be downloaded; is there a network?', { cause });
  });
  if (!response.ok) throw new Error(`the compiler cannot be downloaded: ${url}: ${response.status}`);
  cache?.keep(url, response.clone());
  return response;
}

/**
 * @param {Response} response
 * @param {string} type
 * @param {(bytes: number) => void} advance
 */
async function decompress(response, type, advance) {
  const counter = new TransformStream({
    transform(chunk, controller) {
      advance(chunk.length);
      controller.enqueue(chunk);
    },
  });
  const { body } = response;
  if (!body) throw new Error(`${response.url} is empty`);
  const plain = body.pipeThrough(counter).pipeThrough(new DecompressionStream('gzip'));
  return new Response(plain, { headers: { 'content-type': type } }).blob();
}
