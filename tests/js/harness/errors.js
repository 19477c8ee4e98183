// The classes of the package's errors, as tests know them: in a program of Emscripten, which has a copy of its own, by
// their names.

import * as errors from '../../../js/errors.js';
import { host } from './host.js';

/** @param {any} type @param {any} error */
function isNamed({ prototype }, error) {
  const isOurs = /^GREENLET_/.test(error?.code);
  return isOurs && (prototype === errors.GreenletError.prototype || prototype.name === error.name);
}

/** @template T @param {T} type of this package @returns {T} */
function known(type) {
  if (!host.emscripten) return type;
  const standIn = class {};
  Object.defineProperty(standIn, Symbol.hasInstance, {
    value: (/** @type {unknown} */ error) => isNamed(/** @type {any} */ (type), error),
  });
  return /** @type {any} */ (standIn);
}

export const ClosedError = known(errors.ClosedError);
export const GreenletError = known(errors.GreenletError);
export const KilledError = known(errors.KilledError);
export const LoopExitError = known(errors.LoopExitError);
export const RejectedError = known(errors.RejectedError);
export const StackOverflowError = known(errors.StackOverflowError);
export const TimeoutError = known(errors.TimeoutError);
