/** @import { ImportContext } from '../imports.js' */

import dns from 'node:dns/promises';
import { networkError } from './network-error.js';

/** @param {Promise<any>} answer */
async function answered(answer) {
  try {
    return await answer;
  } catch (reason) {
    throw networkError(reason);
  }
}

/**
 * The imports of a module whose C includes gevent/io/dns.h: `imports: { ...dnsImports(), … }`.
 */
export function dnsImports() {
  return {
    gevent_dns: {
      gevent_dns_lookup: (/** @type {string} */ host, /** @type {number} */ family) =>
        answered(dns.lookup(host, { family, all: true })),
      gevent_dns_resolve: (
        /** @type {string} */ name,
        /** @type {string} */ type,
        /** @type {ImportContext} */ { signal },
      ) => {
        const resolver = new dns.Resolver();
        signal.addEventListener('abort', () => resolver.cancel(), { once: true });
        return answered(resolver.resolve(name, type));
      },
    },
  };
}
