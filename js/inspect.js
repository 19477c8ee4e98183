import { Task } from './task.js';

/**
 * What console.log shows of a task in Node, Deno and Bun.
 *
 * @this {Task<any>}
 * @param {number} _depth
 * @param {object} options
 * @param {(value: object, options: object) => string} inspect
 */
function inspectTask(_depth, options, inspect) {
  const { name, status, waitingOn } = this;
  const outcome = Task.outcomeOf(this);
  const rest =
    status === 'pending' ? { waitingOn } : status === 'returned' ? { value: outcome } : { reason: outcome };
  return `Task ${inspect({ name, status, ...rest }, options)}`;
}

Object.defineProperty(Task.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: inspectTask });
