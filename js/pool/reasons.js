// Why a call has failed, on its way from the worker that ran it to whoever waits for it.

import { callerFrames } from '../call-stack.js';
import { GreenletError, makeError, textOf } from '../errors.js';

/**
 * An error as a message carries it: structured clones lose what its class has added.
 *
 * @typedef {object} ErrorRecord
 * @property {string} name
 * @property {string} message
 * @property {string} stack
 * @property {Record<string, unknown>} fields what it has of its own, `code` for example, as far as it can be cloned
 * @property {Encoded} [cause]
 * @property {boolean} isGreenletError
 *
 * @typedef {{ error: ErrorRecord } | { value: unknown }} Encoded
 */

/** The classes of the language; any other error arrives as an Error that has its name. */
const CLASSES = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** @param {unknown} value @param {unknown} instead of one that cannot be cloned */
function clonable(value, instead) {
  try {
    return structuredClone(value);
  } catch {
    return instead;
  }
}

/** @param {Error} error */
function fieldsOf(error) {
  const entries = Object.entries(error).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(entries.map(([name, value]) => [name, clonable(value, textOf(value))]));
}

/**
 * @param {unknown} reason of any type
 * @param {unknown[]} [outer] the errors that it is a cause of
 * @returns {Encoded} which can be cloned
 */
export function encodeReason(reason, outer = []) {
  if (!(reason instanceof Error)) return { value: clonable(reason, textOf(reason)) };
  const { name, message, stack = '', cause } = reason;
  const known = [...outer, reason];
  const hasCause = cause !== undefined && !known.includes(cause);
  const isGreenletError = reason instanceof GreenletError;
  return {
    error: {
      ...{ name, message, stack, fields: fieldsOf(reason), isGreenletError },
      ...(hasCause && { cause: encodeReason(cause, known) }),
    },
  };
}

/** @param {ErrorRecord} record @param {unknown} cause @returns {Error} */
function makeFrom({ name, message, fields, isGreenletError }, cause) {
  if (isGreenletError) {
    const { code, type, greenlet } = /** @type {{ code: string, type: string, greenlet: string }} */ (fields);
    return makeError(code, message, { cause, type, greenlet });
  }
  const Class = CLASSES[/** @type {keyof typeof CLASSES} */ (name)] ?? Error;
  const error = new Class(message, cause === undefined ? undefined : { cause });
  if (error.name !== name) error.name = name;
  return Object.assign(error, fields);
}

/**
 * @param {Encoded} encoded
 * @param {{ stack?: string }} [calls] of whoever waits, to be shown below those in the worker
 * @returns {unknown} the reason again: of its class, with its code, cause and stack
 */
export function decodeReason(encoded, calls = {}) {
  if ('value' in encoded) return encoded.value;
  const { stack, cause } = encoded.error;
  const error = makeFrom(encoded.error, cause && decodeReason(cause));
  error.stack = [stack, ...callerFrames(calls.stack)].join('\n');
  return error;
}
