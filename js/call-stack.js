/** A line of an engine's stack that is a frame of wasm, and the name in it: V8, SpiderMonkey, JavaScriptCore. */
const WASM_FRAMES = [
  /^\s*at (?:.*\.wasm\.)?(.+) \(wasm:.*wasm-function\[/,
  /^(?:.*\.wasm\.)?([^@]+)@.*wasm-function\[/,
  /^(?:<\?>\.)?wasm-function\[([^\]]+)\]@\[wasm code\]/,
];

/** What stands between the program's functions and the hub: from here on a stack is the runtime's. */
const RUNTIME = new Set(['run_call', 'task_main', 'run_main', 'run_synchronous_call', 'context_resume']);

/** How a door's thunk of an export is named (src/gevent/door_wasm.h). */
const THUNK = 'gevent_thunk_';

/**
 * The calls that have led to a function that runs. V8 makes text of it only when somebody asks.
 *
 * @param {Function} callee not to be shown, and what it has called neither, where the engine can leave them out
 * @returns {{ stack?: string }}
 */
export function captureCalls(callee) {
  if (!Error.captureStackTrace) return new Error();
  const calls = {};
  Error.captureStackTrace(calls, callee);
  return calls;
}

/** Whether this engine writes its frames as V8 does. */
const isLikeV8 = /^\s+at /m.test(new Error().stack ?? '');

/** A line for the import in which C is parked, or which has thrown. @param {string} name */
export function importFrame(name) {
  return isLikeV8 ? `    at ${name} (import)` : `${name}@import`;
}

/**
 * Where calls were made: 'file:line:column'.
 *
 * @param {string} [stack] of captureCalls
 */
export function siteOf(stack) {
  const [caller = ''] = callerFrames(stack);
  return /([^\s()@]+:\d+:\d+)\)?$/.exec(caller)?.[1];
}

/** @param {string} line */
function wasmNameIn(line) {
  for (const pattern of WASM_FRAMES) {
    const match = pattern.exec(line);
    if (match) return match[1];
  }
}

/**
 * The program's frames of C in a stack, innermost first, as lines of the engine's form.
 *
 * @param {string} [stack]
 * @param {string} [importName] of the import that was called, whose own function in C has no line
 */
export function programFrames(stack = '', importName = '') {
  /** @type {string[]} */
  const frames = [];
  let previous = '';
  for (const line of stack.split('\n')) {
    const name = wasmNameIn(line)?.replace(THUNK, '');
    if (name === undefined) continue;
    if (RUNTIME.has(name)) break;
    if (!frames.length && name === importName) continue;
    const isThunkOfPrevious = line.includes(THUNK) && name === previous;
    if (!isThunkOfPrevious) frames.push(line.replace(/(at |^)\S*\.wasm\./, '$1').replace(THUNK, ''));
    previous = name;
  }
  return frames;
}

/** @param {string} [stack] of captureCalls @returns {string[]} its lines */
export function callerFrames(stack = '') {
  return stack.split('\n').filter((line) => /^\s+at |@/.test(line));
}

/**
 * Gives an error that has come out of C the stack that explains it: the frames of C, and below them the calls of
 * JavaScript that led there, in place of those of whoever has delivered it.
 *
 * @param {Error} error
 * @param {string[]} frames
 * @param {{ stack?: string }} calls
 */
export function setStack(error, frames, calls) {
  const lines = [...frames, ...callerFrames(calls.stack)];
  const isV8 = lines.every((line) => /^\s+at /.test(line));
  error.stack = [...(isV8 ? [String(error)] : []), ...lines].join('\n');
}
