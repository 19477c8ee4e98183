// main() on the JavaScript host, which decides what its end is the end of.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>

#include "async_context.h"
#include "entry.h"
#include "host.h"
#include "main.h"

static void run_main(void *argument) {
    (void)argument;
    int code = main_call();
    fflush(NULL);
    greenlet_set_legacy(greenlet_main(), NULL);
    if (host_main_finished(code)) exit(code);
}

WASM_EXPORT("gevent_wasm_has_main") int gevent_wasm_has_main(void) {
    return main_exists();
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
