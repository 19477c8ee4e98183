/** @import { StreamPair } from '../cells.js' */
/** @import { ImportContext } from '../imports.js' */

import { networkError } from './network-error.js';
import { streamImports, toReadable } from './streams.js';

/** @typedef {StreamPair & { response: Response }} FetchStream a response as C has it */

/**
 * The imports of a module whose C includes gevent/io/fetch.h: `imports: { ...fetchImports(), … }`.
 *
 * @param {{ fetch?: typeof globalThis.fetch }} [options] what to fetch with. Default: the host's
 */
export function fetchImports({ fetch = globalThis.fetch } = {}) {
  /** @param {string} url @param {RequestInit} init @param {AbortSignal} signal */
  const open = async (url, init, signal) => {
    const controller = new AbortController();
    const abort = () => controller.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return pairOf(await fetch(url, { ...init, signal: controller.signal }), controller);
    } catch (reason) {
      throw networkError(reason);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
  return {
    ...streamImports(),
    gevent_fetch: {
      gevent_fetch: (/** @type {string} */ url, /** @type {ImportContext} */ { signal }) =>
        open(url, {}, signal),
      gevent_fetch_with: (
        /** @type {string} */ url,
        /** @type {RequestInit} */ init,
        /** @type {any} */ body,
        /** @type {ImportContext} */ { signal },
      ) => open(url, { ...init, ...bodyOf(body) }, signal),
      gevent_fetch_status: (/** @type {FetchStream} */ { response }) => response.status,
      gevent_fetch_url: (/** @type {FetchStream} */ { response }) => response.url,
      gevent_fetch_header: (/** @type {FetchStream} */ { response }, /** @type {string} */ name) =>
        response.headers.get(name) ?? '',
    },
  };
}

/** @param {any} stream that C has given to be sent, or none */
function bodyOf(stream) {
  if (!stream) return {};
  const body = stream.readable ?? stream;
  return { body: typeof body.getReader === 'function' ? body : toReadable(body), duplex: 'half' };
}

/** @param {Response} response @param {AbortController} controller of its request @returns {FetchStream} */
function pairOf(response, controller) {
  return { response, readable: chunksOf(response), close: () => controller.abort() };
}

/** What the body gives, and the network's failures as such. @param {Response} response */
function chunksOf({ body }) {
  const reader = body?.getReader();
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    /** @returns {Promise<IteratorResult<Uint8Array, undefined>>} */
    async next() {
      if (!reader) return { done: true, value: undefined };
      try {
        return /** @type {IteratorResult<Uint8Array, undefined>} */ (await reader.read());
      } catch (reason) {
        throw networkError(reason);
      }
    },
    /** @returns {Promise<IteratorResult<Uint8Array, undefined>>} */
    async return() {
      await reader?.cancel();
      return { done: true, value: undefined };
    },
  };
}
