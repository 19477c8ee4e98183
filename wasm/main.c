// The program's main(): found by the names that clang gives it, started on a stack of its own.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <wasi/api.h>

#include "../src/memory.h"
#include "async_context.h"
#include "host.h"

// main(void) and main(int, char **); which of them there is, the program decides, if any.
__attribute__((weak)) int __main_void(void);
__attribute__((weak)) int __main_argc_argv(int argc, char **argv);

// The arguments, NULL-terminated; alive as long as the instance.
static char **get_arguments(size_t *count) {
    size_t size;
    if (__wasi_args_sizes_get(count, &size) != 0) return NULL;
    char **arguments = calloc(*count + 1, sizeof *arguments);
    char *text = malloc(size ? size : 1);
    if (!arguments || !text) return NULL;
    return __wasi_args_get((uint8_t **)arguments, (uint8_t *)text) == 0 ? arguments : NULL;
}

static int call_main(void) {
    if (!__main_argc_argv) return __main_void();
    size_t count = 0;
    char **arguments = get_arguments(&count);
    if (!arguments) return EXIT_FAILURE;
    return __main_argc_argv((int)count, arguments);
}

static void run_main(void *argument) {
    (void)argument;
    int code = call_main();
    fflush(NULL);
    greenlet_set_legacy(greenlet_main(), NULL);
    if (host_main_finished(code)) exit(code);
}

WASM_EXPORT("gevent_wasm_has_main") int gevent_wasm_has_main(void) {
    return __main_void || __main_argc_argv;
}

// Starts main; it has returned or parked when this comes back. GREENLET_ENOMEM; GREENLET_ESTARTED.
WASM_EXPORT("gevent_wasm_start_main") int gevent_wasm_start_main(void) {
    greenlet_t *main = &greenlet_thread()->main;
    if (context_alive(&main->context)) return GREENLET_ESTARTED;
    greenlet_legacy_t *async_context = async_context_take();
    greenlet_set_legacy(main, async_context);
    greenlet_legacy_unref(async_context);
    return host_start_main(run_main);
}

// Ends a command as exit() does: at-exit functions, buffered output.
WASM_EXPORT("gevent_wasm_exit") void gevent_wasm_exit(int code) {
    exit(code);
}
