// SPDX-License-Identifier: MIT
#include "start.h"

#include "context_asyncify.h"
#include "entry.h"

void __wasm_call_ctors(void);

static int probe_steps;

static int stop(void *value, void **result) {
    (void)value, (void)result;
    probe_steps = 1;
    return greenlet_switch(greenlet_main(), NULL, NULL);
}

static int go_to(void *stopper, void **result) {
    (void)result;
    (void)greenlet_switch(stopper, NULL, NULL);
    probe_steps = 2;
    return GREENLET_OK;
}

static int run_probe(greenlet_t *first, greenlet_t *second) {
    int code = greenlet_switch(first, second, NULL);
    if (code < 0) return code;
    int have_stopped = probe_steps == 1 && !greenlet_dead(first) && !greenlet_dead(second);
    if (have_stopped) (void)greenlet_switch(first, NULL, NULL);
    int has_gone_on = probe_steps == 2 && greenlet_dead(first) && !greenlet_dead(second);
    return have_stopped && has_gone_on ? GREENLET_OK : GREENLET_EMODULE;
}

// Greenlets must be able to stop, one above the other, and to go on, in another order. Where the
// switch was inlined into other code before instrumentation, they run through instead and look
// finished at once, or go on in each other's place.
static int check_switching(void) {
    uint64_t last_id = greenlet_thread()->last_id;
    greenlet_t *first = NULL, *second = NULL;
    int code = greenlet_new(go_to, NULL, &first);
    if (code >= 0) code = greenlet_new(stop, NULL, &second);
    if (code >= 0) code = run_probe(first, second);
    greenlet_unref(first);
    greenlet_unref(second);
    greenlet_thread()->last_id = last_id; // nobody ever saw them
    return code;
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
