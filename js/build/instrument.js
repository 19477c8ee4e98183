import { withUniqueRecords } from './door-records.js';
import { BuildError } from './errors.js';

/**
 * What makes a linked module one whose C stacks can be switched: bytes in, bytes out. It needs nothing of Node and
 * runs in a page too.
 *
 * @typedef {typeof import('binaryen').default} Binaryen
 * @typedef {import('binaryen').default.Module} Module
 * @typedef {import('binaryen').default.FunctionInfo} FunctionInfo
 *
 * @typedef {object} InstrumentOptions
 * @property {boolean} [stackCheck] stop a greenlet that outgrows its C stack (default), not let it write on
 * @property {boolean} [names] keep the names of functions (default)
 * @property {number} [optimize] 0 to 3. Compilers have done their work already: up to 2 it is about the frames that
 *   Asyncify saves, and 3 takes twice the time for switches that are about 10% faster
 * @property {number} [shrink] 0 to 2, for size
 * @property {readonly string[]} [neverSwitch] exports, if they are there, that never switch, whatever they call; they
 *   and who calls them stay as they are, and they are exported no longer
 * @property {readonly string[]} [main] the names of main(), if there has to be one
 * @property {object} [record] what is written into the section `greenlet.build`
 */

/** The module that build-time imports come from; all are bound here, none is left. */
const buildModule = 'greenlet_build';

/** What the stack-check pass imports, from module env; a name that no C function has. */
const overflowImport = `${buildModule}:stack_overflow`;

/** The C function that a stack overflow ends in. */
const overflowHandler = 'greenlet_wasm_stack_overflow';

/**
 * @param {Binaryen} binaryen
 * @param {Uint8Array} bytes
 * @param {InstrumentOptions} [options]
 * @returns {Uint8Array}
 */
export function instrumentWith(binaryen, bytes, options = {}) {
  const {
    stackCheck = true,
    names = true,
    optimize = 2,
    shrink = 0,
    neverSwitch = [],
    main = [],
    record,
  } = options;
  binaryen.setDebugInfo(names);
  binaryen.setOptimizeLevel(optimize);
  binaryen.setShrinkLevel(shrink);
  const checked = stackCheck ? withStackCheck(binaryen, bytes) : bytes;
  const finished = transform(binaryen, checked, (module) => {
    requireMain(module, main);
    asyncify(binaryen, module, takeExports(binaryen, module, neverSwitch));
    bindBuildImports(binaryen, module, stackCheck);
    optimise(binaryen, module);
    if (record) module.addCustomSection('greenlet.build', new TextEncoder().encode(JSON.stringify(record)));
    assertFinished(binaryen, module);
  });
  return withUniqueRecords(finished);
}

/**
 * Has every function that moves the stack pointer compare it with its greenlet's bounds. The pass types its call of
 * the handler wrongly; the bytes are right, so the module is written and read again.
 * @param {Binaryen} binaryen
 * @param {Uint8Array} bytes
 */
function withStackCheck(binaryen, bytes) {
  return transform(binaryen, bytes, (module) => {
    if (!exportedFunction(binaryen, module, overflowHandler)) {
      throw new BuildError('EINSTRUMENT', `the module does not export ${overflowHandler}`);
    }
    runPass(binaryen, module, 'stack-check', { 'stack-check-handler': overflowImport });
    openLinkerStack(binaryen, module);
  });
}

/**
 * The pass forbids every stack until limits are set. Code that is entered before that runs on the linker's stack.
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
function openLinkerStack(binaryen, module) {
  const pointer = binaryen.getGlobalInfo(module.getGlobal('__stack_pointer'));
  const { value } = /** @type {any} */ (binaryen.getExpressionInfo(pointer.init));
  module.removeGlobal('__stack_base');
  module.addGlobal('__stack_base', binaryen.i32, true, module.i32.const(value));
}

/**
 * No import is taken for one that switches: only `asyncify.*`, called by C, ever starts an unwind. Nothing that
 * inlines may have run before this: it would carry the switch into ordinary code.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string[]} neverSwitch functions
 */
function asyncify(binaryen, module, neverSwitch) {
  runPass(binaryen, module, 'asyncify', {
    'asyncify-ignore-imports': 'true',
    'asyncify-removelist': neverSwitch.join(),
  });
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {readonly string[]} names of exports, which are none any more
 * @returns {string[]} the names that their functions have in the module
 */
function takeExports(binaryen, module, names) {
  const found = names.filter((name) => exportedFunction(binaryen, module, name));
  const functions = found.map((name) => /** @type {string} */ (exportedFunction(binaryen, module, name)));
  for (const name of found) module.removeExport(name);
  return functions;
}

/**
 * The linker puts a function that traps in the place of one that may be missing, and says so in its name.
 * @param {Module} module
 * @param {readonly string[]} names
 */
function requireMain(module, names) {
  const missing = names.filter((name) => module.getFunction(`undefined_weak:${name}`));
  if (!names.length || missing.length < names.length) return;
  const hint = 'define it, or build for JavaScript, without --host, and call what C exports';
  throw new BuildError('EHOST', `a command begins with main(), which the program does not have: ${hint}`);
}

/**
 * Bound only after Asyncify, to which an ignored import is a call that never switches. The overflow handler prints,
 * so it makes indirect calls, and would else make a possible switch of every function that has a frame.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {boolean} stackCheck
 */
function bindBuildImports(binaryen, module, stackCheck) {
  bind(binaryen, module, 'set_stack_limits', stackCheck && '__set_stack_limits');
  if (!stackCheck) return;
  bind(binaryen, module, overflowImport, overflowHandler);
  module.removeExport('__set_stack_limits');
}

/**
 * Turns a build-time import into a function of the same name that calls an exported one, or does nothing.
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string} base
 * @param {string | false} exported
 */
function bind(binaryen, module, base, exported) {
  const found = imports(binaryen, module).find((f) => isBuildImport(f) && f.base === base);
  if (!found) return;
  const { name, params, results } = found;
  const target = exported && exportedFunction(binaryen, module, exported);
  const args = binaryen.expandType(params).map((type, index) => module.local.get(index, type));
  module.removeFunction(name);
  module.addFunction(name, params, results, [], target ? module.call(target, args, results) : module.nop());
}

/**
 * Compilers have done their work already. What is always worth it is to call through the functions that bind() made.
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
function optimise(binaryen, module) {
  if (binaryen.getOptimizeLevel() > 2 || binaryen.getShrinkLevel() > 0) return module.optimize();
  const sizes = [
    binaryen.getAlwaysInlineMaxSize(),
    binaryen.getFlexibleInlineMaxSize(),
    binaryen.getOneCallerInlineMaxSize(),
  ];
  binaryen.setAlwaysInlineMaxSize(4);
  binaryen.setFlexibleInlineMaxSize(0);
  binaryen.setOneCallerInlineMaxSize(0);
  module.runPasses(['inlining']);
  binaryen.setAlwaysInlineMaxSize(sizes[0]);
  binaryen.setFlexibleInlineMaxSize(sizes[1]);
  binaryen.setOneCallerInlineMaxSize(sizes[2]);
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 */
function assertFinished(binaryen, module) {
  const left = imports(binaryen, module).find((f) => isBuildImport(f) || f.module === 'asyncify');
  if (left) throw new BuildError('EINSTRUMENT', `the import ${left.module}.${left.base} is left over`);
  const known = exportedFunction(binaryen, module, 'asyncify_start_unwind');
  if (!known) throw new BuildError('EINSTRUMENT', 'Asyncify has left no trace in the module');
  if (!module.validate()) throw new BuildError('EINSTRUMENT', 'Binaryen made a module that is not valid');
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string} pass
 * @param {Record<string, string>} args
 */
function runPass(binaryen, module, pass, args) {
  for (const [name, value] of Object.entries(args)) binaryen.setPassArgument(name, value);
  module.runPasses([pass]);
  binaryen.clearPassArguments();
}

/**
 * @param {Binaryen} binaryen
 * @param {Uint8Array} bytes
 * @param {(module: Module) => void} change
 */
function transform(binaryen, bytes, change) {
  const module = binaryen.readBinary(bytes);
  try {
    change(module);
    return module.emitBinary();
  } catch (error) {
    if (error instanceof Error) throw error;
    throw new BuildError('EINSTRUMENT', 'Binaryen cannot take this module', { cause: error });
  } finally {
    module.dispose();
  }
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @returns {FunctionInfo[]}
 */
function imports(binaryen, module) {
  const functions = Array.from({ length: module.getNumFunctions() }, (_, index) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(index)),
  );
  return functions.filter((f) => f.module);
}

/** @param {FunctionInfo} found */
function isBuildImport({ module, base }) {
  return module === buildModule || base === overflowImport;
}

/**
 * @param {Binaryen} binaryen
 * @param {Module} module
 * @param {string} name
 */
function exportedFunction(binaryen, module, name) {
  const found = module.getExport(name);
  return found ? binaryen.getExportInfo(found).value : undefined;
}
