/** @typedef {import('./app.js').AppOptions} AppOptions */
/** @typedef {import('./app.js').ModuleTypes} ModuleTypes */
/** @typedef {import('./calls.js').IterateOptions} IterateOptions */
/** @typedef {import('./calls.js').SpawnOptions} SpawnOptions */
/** @typedef {import('./compile.js').Source} Source */
/** @typedef {import('./function-greenlet.js').Greenlet} Greenlet */
/** @typedef {import('./imports.js').ImportContext} ImportContext */
/**
 * What hangs on a value that C knows by number.
 *
 * @template [T=unknown]
 * @typedef {import('./references.js').Lent<T>} Lent
 */
/**
 * The values of an export that gives many.
 *
 * @template [T=any]
 * @typedef {import('./iterate.js').Iteration<T>} Iteration
 */
/** @typedef {import('./cells.js').StreamLike} StreamLike */
/** @typedef {import('./task.js').TaskStatus} TaskStatus */
/**
 * The options of `load` for a module whose door is M; without it those for any.
 *
 * @template {import('./app.js').ModuleTypes} [M=import('./app.js').ModuleTypes]
 * @typedef {import('./load.js').LoadOptions<M>} LoadOptions
 */
/** @typedef {import('./input.js').InputOption} InputOption */
/** @typedef {import('./wasi.js').WasiOptions} WasiOptions */

export { App } from './app.js';
export {
  ClosedError,
  GreenletError,
  KilledError,
  LoopExitError,
  ModuleError,
  NetworkError,
  RejectedError,
  StackOverflowError,
  TimeoutError,
  TrapError,
  WorkerError,
  WouldBlockError,
} from './errors.js';
export { load } from './load.js';
export { Task } from './task.js';
