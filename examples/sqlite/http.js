// What examples/sqlite/vfs_http.c asks of JavaScript. C calls these as if they were not async.

/**
 * @template T
 * @param {string} url
 * @param {RequestInit & { signal: AbortSignal }} init
 * @param {(response: Response) => T | PromiseLike<T>} read
 */
async function request(url, { method = 'GET', signal, ...init }, read) {
  try {
    const response = await fetch(url, { method, signal, ...init });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return await read(response);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(`${method} ${url}: ${reasonOf(error)}`, { cause: error });
  }
}

// fetch says no more than "fetch failed" or "terminated"; what happened is in the cause.
/** @param {any} error @returns {string} */
function reasonOf(error) {
  return error.cause?.message || error.message;
}

/**
 * @param {string} url
 * @param {{ signal: AbortSignal }} context
 */
export function file_size(url, { signal }) {
  return request(url, { method: 'HEAD', signal }, ({ headers }) => Number(headers.get('content-length')));
}

/**
 * @param {string} url
 * @param {number} offset
 * @param {number} length
 * @param {{ signal: AbortSignal }} context aborts when C no longer waits
 */
export function read_range(url, offset, length, { signal }) {
  const headers = { range: `bytes=${offset}-${offset + length - 1}` };
  return request(url, { headers, signal }, (response) => response.arrayBuffer());
}
