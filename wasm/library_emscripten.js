// biome-ignore-all lint/complexity/useArrowFunction: emcc 3.1.6 gives names to functions only
// biome-ignore-all lint/complexity/useLiteralKeys: a minifier of Emscripten's may rename what is not quoted

// What `emcc --js-library` takes: this package's side of a program that Emscripten has linked. emcc
// runs this file when it links, and what it puts into the library becomes part of the program. What
// it calls, @BRIDGE@, is js/emscripten.js with all that it imports, for `emcc --extern-pre-js`.
//
// SPDX-License-Identifier: MIT

(() => {
  if (INVOKE_RUN || !ASYNCIFY)
    error('greenlets need -sASYNCIFY and -sINVOKE_RUN=0: a later flag has taken one of them back');

  const library = {
    $greenletExports: function () {
      const exports = { memory: wasmMemory };
      for (const name of Object.keys(Module))
        if (name.startsWith('_gevent_wasm_')) exports[name.slice(1)] = Module[name];
      exports.malloc = exports.gevent_wasm_malloc;
      exports.free = exports.gevent_wasm_free;
      return exports;
    },

    $greenletArguments: function () {
      // Of these two, assertions forbid to look at the Module's.
      return [thisProgram].concat(typeof arguments_ === 'undefined' ? Module['arguments'] || [] : arguments_);
    },

    $greenletHost__deps: ['$greenletExports', '$greenletArguments', '$Asyncify'],
    $greenletHost: `new @BRIDGE@.EmscriptenHost({
      module: Module,
      exports: greenletExports,
      arguments: greenletArguments,
      printError: (text) => err(text),
      isDebug: ${Boolean(ASSERTIONS)},
      endsWithMain: ${Boolean(EXIT_RUNTIME)},
      // Without a file system, assertions have something of that name that only complains.
      fileSystem: function () { return typeof FS === 'undefined' || !FS['getStream'] ? undefined : FS; },
      asyncify: Asyncify,
    })`,
    $greenletHost__postset: 'addOnPostRun(() => greenletHost.start());',

    // ---- what the runtime asks for (host.h, host_emscripten.h, door_wasm.h) ----------------------

    host_now: function () {
      return greenletHost.functions.now();
    },
    host_fatal: function (code, message) {
      greenletHost.functions.fatal(code, message);
    },
    host_task_finished: function (task, status, error) {
      greenletHost.functions.task_finished(task, status, error);
    },
    host_unhandled: function (name, error) {
      greenletHost.functions.unhandled(name, error);
    },
    host_function_start: function (task, record) {
      return greenletHost.functions.function_start(task, record);
    },
    host_function_answer: function (task, type, value, error) {
      greenletHost.functions.function_answer(task, type, value, error);
    },
    host_main_finished: function (code) {
      return greenletHost.functions.main_finished(code);
    },
    host_abandon: function (slot) {
      greenletHost.functions.abandon(slot);
    },
    host_watch_signal: function (name, signal) {
      return greenletHost.functions.watch_signal(name, signal);
    },
    host_unwatch_signal: function (signal) {
      greenletHost.functions.unwatch_signal(signal);
    },
    host_probe_fd: function (fd, events) {
      return greenletHost.functions.probe_fd(fd, events);
    },
    host_watch_fd: function (fd, events, watch) {
      greenletHost.functions.watch_fd(fd, events, watch);
    },
    host_release: function (number) {
      greenletHost.functions.release(number);
    },
    host_is_unwinding: function () {
      return Asyncify.state === Asyncify.State.Unwinding ? 1 : 0;
    },
    host_await: function (operation, slot) {
      greenletHost.await(operation, slot);
    },
    host_has_main: function () {
      return typeof Module['_main'] === 'function' ? 1 : 0;
    },
    __asyncjs__greenlet_main: function () {
      return greenletHost.callMain();
    },
    gevent_host_import: function (record, cells, slot) {
      return greenletHost.callImport(record, cells, slot);
    },

    // ---- Asyncify makes functions of these imports, but emcc asks for them before ----------------

    start_unwind: function () {},
    stop_unwind: function () {},
    start_rewind: function () {},
    stop_rewind: function () {},
  };

  // The stack check is Emscripten's, if it is linked in; whose stack it was, the runtime knows.
  if (STACK_OVERFLOW_CHECK > 1) {
    library.host_has_stack_check = function () {
      return 1;
    };
    library.host_set_stack_limits = function (high, low) {
      ___set_stack_limits(high, low);
    };
    library.__handle_stack_overflow__deps = ['greenlet_wasm_stack_overflow'];
    library.__handle_stack_overflow = function (requested) {
      _greenlet_wasm_stack_overflow(requested);
    };
  } else {
    library.host_has_stack_check = function () {
      return 0;
    };
    library.host_set_stack_limits = function () {};
  }

  for (const name of Object.keys(library))
    if (/^(host_|gevent_|__asyncjs__)/.test(name)) library[`${name}__deps`] = ['$greenletHost'];
  if (LibraryManager.library.$addOnPostRun) library.$greenletHost__deps.push('$addOnPostRun');
  mergeInto(LibraryManager.library, library);
})();
