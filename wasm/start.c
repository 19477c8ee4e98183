// SPDX-License-Identifier: MIT
#include "start.h"

#include "context_asyncify.h"
#include "entry.h"

void __wasm_call_ctors(void);

static int probe_steps;

static int probe(void *value, void **result) {
    (void)value, (void)result;
    probe_steps = 1;
    (void)greenlet_switch(greenlet_main(), NULL, NULL);
    probe_steps = 2;
    return GREENLET_OK;
}

// A greenlet must be able to stop and go on. Where the switch was inlined into other code before
// instrumentation, it runs through instead, and looks finished at once.
static int check_switching(void) {
    greenlet_t *greenlet;
    if (greenlet_new(probe, NULL, &greenlet) < 0) return GREENLET_ENOMEM;
    greenlet_thread()->last_id--; // nobody ever sees it
    int code = greenlet_switch(greenlet, NULL, NULL);
    if (code < 0) {
        greenlet_unref(greenlet);
        return code;
    }
    int has_stopped = probe_steps == 1 && !greenlet_dead(greenlet);
    if (has_stopped) (void)greenlet_switch(greenlet, NULL, NULL);
    int has_gone_on = probe_steps == 2 && greenlet_dead(greenlet);
    greenlet_unref(greenlet);
    return has_stopped && has_gone_on ? GREENLET_OK : GREENLET_EMODULE;
}

__attribute__((noinline)) static int start(uint32_t main_stack, uint32_t default_stack) {
    if (main_stack) host_main_stack_size = main_stack;
    if (default_stack) greenlet_set_default_stack_size(default_stack);
    int code = check_switching();
    if (code < 0) return code;
    context_leave_root(&greenlet_thread()->main.context, NULL); // main has no frames at rest
    return hub_get() ? GREENLET_OK : GREENLET_ENOMEM;
}

int start_runtime(uint32_t main_stack, uint32_t default_stack) {
    context_init_limits();
    return start(main_stack, default_stack);
}

void start_constructors(void) {
    __wasm_call_ctors();
}
