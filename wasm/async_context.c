// SPDX-License-Identifier: MIT
#include "async_context.h"

#include "../src/memory.h"
#include "host.h"

typedef struct async_context {
    greenlet_legacy_t legacy;
    int number; // the host's
} async_context_t;

static greenlet_legacy_t *entering;

static void release(greenlet_legacy_t *legacy) {
    async_context_t *context = (async_context_t *)legacy;
    host_release(context->number);
    memory_free(context);
}

greenlet_legacy_t *async_context_take(void) {
    greenlet_legacy_t *taken = entering;
    entering = NULL;
    return taken;
}

// The next entry is from the context with that number, which is the instance's until it releases
// it. GREENLET_ENOMEM: it is not.
WASM_EXPORT("gevent_wasm_enter_async_context") int gevent_wasm_enter_async_context(int number) {
    async_context_t *context = memory_alloc(sizeof *context);
    if (!context) return GREENLET_ENOMEM;
    *context = (async_context_t){{release, 1}, number};
    entering = &context->legacy;
    return GREENLET_OK;
}

// The number of the current greenlet's context; 0: it has none.
WASM_EXPORT("gevent_wasm_async_context") int gevent_wasm_async_context(void) {
    const async_context_t *context = (const async_context_t *)greenlet_current()->legacy;
    return context ? context->number : 0;
}
