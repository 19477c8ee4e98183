/**
 * What can go wrong, by name. `code` is a name of the table in src/greenlet_error.h, for example
 * 'GREENLET_ENOMEM', whether the error came out of C or was made here.
 */
export class GreenletError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {{ cause?: unknown, type?: string, greenlet?: string }} [details]
   */
  constructor(code, message, { cause, type, greenlet } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    /** A name of the table of codes. */
    this.code = code;
    /** The name of the C error type, for example that of a type of the program's own. */
    this.type = type ?? this.name;
    /** The name of the greenlet that raised it; '' if none did. */
    this.greenlet = greenlet ?? '';
  }
}

/** A time limit is over: that of a call (GREENLET_ETIMEDOUT), or a timeout (GREENLET_EEXPIRED). */
export class TimeoutError extends GreenletError {}
/** The task was killed, and no reason was given; its clean-up has run. */
export class KilledError extends GreenletError {}
/** Nothing is left that could ever wake anybody; the message says who waits for what. */
export class LoopExitError extends GreenletError {}
/** A promise or a function of JavaScript that C called has failed; `cause` is its reason. */
export class RejectedError extends GreenletError {}
/** The worker of a pool that ran the call has ended; `cause` is its error, if there was one. */
export class WorkerError extends GreenletError {}
/** A queue, a channel or a group is closed. */
export class ClosedError extends GreenletError {}
/** A connection cannot be made or has broken; the message says why, and `cause` is what the host said. */
export class NetworkError extends GreenletError {}
/** A synchronous call would have had to wait. */
export class WouldBlockError extends GreenletError {}
/** The stack of a greenlet was too small; the message has its name, its size and its need. */
export class StackOverflowError extends GreenletError {}
/** The instance is over: it trapped, for example in abort(). `cause` is the engine's error. */
export class TrapError extends GreenletError {}
/** The bytes are no module that this version of the package can load. */
export class ModuleError extends GreenletError {}

/** The classes by their names, and the codes that each goes with. */
const table = /** @type {[string, typeof GreenletError, ...string[]][]} */ ([
  ['GreenletError', GreenletError],
  ['TimeoutError', TimeoutError, 'GREENLET_ETIMEDOUT', 'GREENLET_EEXPIRED'],
  ['KilledError', KilledError, 'GREENLET_EEXIT', 'GREENLET_ECANCELED'],
  ['LoopExitError', LoopExitError, 'GREENLET_EDEADLK'],
  ['RejectedError', RejectedError, 'GREENLET_EREJECTED'],
  ['ClosedError', ClosedError, 'GREENLET_ECLOSED'],
  ['NetworkError', NetworkError, 'GREENLET_ENETWORK'],
  ['WorkerError', WorkerError, 'GREENLET_EWORKER'],
  ['WouldBlockError', WouldBlockError, 'GREENLET_EWOULDBLOCK'],
  ['StackOverflowError', StackOverflowError, 'GREENLET_EOVERFLOW'],
  ['TrapError', TrapError, 'GREENLET_ETRAP'],
  ['ModuleError', ModuleError, 'GREENLET_EMODULE', 'GREENLET_EABI'],
]);

/** @type {Record<string, typeof GreenletError>} */
const classes = {};

// Minifiers give classes other names; as errors of the language do, these keep theirs in their prototypes.
for (const [name, type, ...codes] of table) {
  type.prototype.name = name;
  for (const code of codes) classes[code] = type;
}

/**
 * The error of the class that goes with the code.
 *
 * @param {string} code
 * @param {string} message
 * @param {{ cause?: unknown, type?: string, greenlet?: string }} [details]
 */
export function makeError(code, message, details) {
  return new (classes[code] ?? GreenletError)(code, message, details);
}

/** @param {unknown} reason which may be anything, with a text or without */
export function textOf(reason) {
  try {
    return String(reason instanceof Error ? reason.message : reason);
  } catch {
    return 'a reason that has no text';
  }
}

/** Ends a command from within, as proc_exit does: thrown through the frames of wasm. */
export class ExitStatus {
  /** @param {number} code */
  constructor(code) {
    this.code = code;
  }
}
