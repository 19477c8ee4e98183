import { makeError } from '../errors.js';

/**
 * What C gets for a failure of the network: GREENLET_ENETWORK, with the host's message, or that of its cause where the
 * host hides it there.
 *
 * @param {any} cause
 */
export function networkError(cause) {
  const { message } = cause?.cause ?? cause?.errors?.[0] ?? {};
  return makeError('GREENLET_ENETWORK', message || cause?.message || String(cause?.code ?? cause), { cause });
}
