export { App } from './app.js';
export {
  GreenletError,
  KilledError,
  LoopExitError,
  ModuleError,
  RejectedError,
  StackOverflowError,
  TimeoutError,
  TrapError,
  WouldBlockError,
} from './errors.js';
export { load } from './load.js';
export { Task } from './task.js';
