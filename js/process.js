/** What hosts with a process have, such as Node, Deno and Bun, and pages have not, which do not load it. */
import './inspect.js';

export { AsyncContexts } from './async-context.js';
export { ExitWatch } from './exit-watch.js';
export { ProcessInput } from './process-input.js';
export { Signals } from './signals.js';
