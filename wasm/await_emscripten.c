// Waiting in a function of JavaScript: what Emscripten would unwind all of C for (emscripten_sleep,
// EM_ASYNC_JS and their like) parks only the greenlet that calls it. The frame of JavaScript is no
// hindrance, since Emscripten has it called again when the frames above and below come back.
//
// SPDX-License-Identifier: MIT
#include "../src/call.h"
#include "../src/gevent/wait.h"
#include "context_asyncify.h"
#include "host_emscripten.h"

WASM_EXPORT("gevent_wasm_is_rewinding") int gevent_wasm_is_rewinding(void) {
    return context_is_rewinding();
}

// Whether the current greenlet can wait now: 0, or the code of the refusal. GREENLET_ECANCELED,
// which then is the last error: it was told to end, and would go on for ever if it ignored that.
WASM_EXPORT("gevent_wasm_check_await") int gevent_wasm_check_await(void) {
    const hub_t *hub = hub_get();
    int code = hub ? wait_check(hub) : GREENLET_ENOMEM;
    if (code < 0) return code;
    return greenlet_find_killed(greenlet_current()) ? greenlet_fail(GREENLET_ECANCELED)
                                                    : GREENLET_OK;
}

// Parks the current greenlet until an operation of JavaScript has settled, and gives its value; 0
// if the operation or the wait fails: then that is the last error. While frames come back the
// argument is without meaning.
WASM_EXPORT("gevent_wasm_await") double gevent_wasm_await(int operation) {
    gevent_cell_t value;
    slot_handle_t slot = slot_take();
    if (!slot) {
        (void)greenlet_fail(GREENLET_ENOMEM);
        return 0;
    }
    host_await(operation, slot);
    return slot_wait(slot, "emscripten", "await", &value, NULL) < 0 ? 0 : value.f64;
}
