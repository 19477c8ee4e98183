// Symmetric coroutines. A flow is a call that its home makes: the callee is whoever is active.
//
// SPDX-License-Identifier: MIT
#include "swap.h"

#include "../call.h"
#include "../fatal.h"

// What is underway from one to the other; its address is the value that is switched with.
typedef struct swap {
    void *argument;
} swap_t;

static _Thread_local const swap_t *underway;

enum { LEAST_STACK = 32768 };

// ---- life ---------------------------------------------------------------------------------------

int swap_new(greenlet_run_fn run, size_t size, greenlet_t **result) {
    int code = greenlet_new(run, greenlet_main(), result);
    if (code < 0) return code;
    (void)greenlet_set_stack_size(*result, size > LEAST_STACK ? size : LEAST_STACK);
    (*result)->outlives_shutdown = 1; // it does not look for an EXIT
    (*result)->awaits_swap = 1;
    return GREENLET_OK;
}

void *swap_arrive(void *value) {
    void *argument = ((const swap_t *)value)->argument;
    underway = NULL;
    greenlet_current()->awaits_swap = 0;
    return argument;
}

static int is_free(const greenlet_t *coroutine) {
    return coroutine->awaits_swap && !coroutine->call && !coroutine->called_by;
}

static const char *reason_of(int code, const greenlet_t *coroutine) {
    if (!coroutine) return "there is none";
    if (code == GREENLET_EINVAL) return "it has ended";
    if (code == GREENLET_EEXECUTING) return "it runs, or waits for something else";
    return greenlet_error_message(greenlet_last_error());
}

static _Noreturn void refuse(int code, const greenlet_t *coroutine, const char *call) {
    fatal(code, "%s of '%s': %s", call, coroutine ? greenlet_name(coroutine) : "NULL",
          reason_of(code, coroutine));
}

static int check_drop(const greenlet_t *coroutine) {
    if (!coroutine) return GREENLET_EINVAL;
    if (coroutine->thread != greenlet_thread()) return greenlet_fail(GREENLET_ETHREAD);
    return greenlet_dead(coroutine) || is_free(coroutine) ? GREENLET_OK : GREENLET_EEXECUTING;
}

void swap_drop(greenlet_t *coroutine, const char *call) {
    int code = check_drop(coroutine);
    if (code >= 0) code = greenlet_drop(coroutine);
    if (code < 0) refuse(code, coroutine, call);
    swap_unclaim(coroutine);
    greenlet_unref(coroutine);
}

// ---- flows --------------------------------------------------------------------------------------

// Nothing of a flow lies in its home but the call itself.
static void drop_call(greenlet_call_t *call) {
    (void)call;
}

// The flow that a greenlet is active in; NULL: it is at home.
static greenlet_call_t *flow_of(const greenlet_t *greenlet) {
    greenlet_call_t *call = greenlet->called_by;
    return call && call->drop == drop_call ? call : NULL;
}

static void set_active(greenlet_call_t *flow, greenlet_t *active) {
    flow->callee->called_by = NULL;
    flow->callee = active;
    active->called_by = flow;
}

static int check(const greenlet_t *self, const greenlet_t *target) {
    const greenlet_call_t *flow = flow_of(self);
    if (!target || greenlet_dead(target)) return GREENLET_EINVAL;
    if (target->thread != self->thread) return greenlet_fail(GREENLET_ETHREAD);
    int is_home = flow && flow->caller == target;
    return is_home || is_free(target) ? GREENLET_OK : GREENLET_EEXECUTING;
}

// ---- swapping -----------------------------------------------------------------------------------

static int has_arrived(int code, const void *value) {
    return code == GREENLET_OK && value && value == underway;
}

// Something else came to who is at home, while another one is active: it comes out of the wait of
// that one.
static int pass_on(greenlet_t *self, int code, greenlet_error_t **thrown, void **value) {
    greenlet_error_unref(*thrown);
    *thrown = code < 0 ? greenlet_error_take() : greenlet_error_from_code(GREENLET_ESWITCH);
    return greenlet_throw(greenlet_callee(self), *thrown, value);
}

// Until control is back. Who is not at home has nobody to pass anything on to.
static int stay_away(greenlet_t *self, int code, void *value, const char *call) {
    greenlet_error_t *thrown = NULL;
    while (!has_arrived(code, value) && self->call) {
        code = pass_on(self, code, &thrown, &value);
        if (code == GREENLET_ENOMEM) refuse(code, self->call->callee, call);
    }
    return thrown ? greenlet_error_restore(thrown) : code;
}

static int switch_to(greenlet_t *self, greenlet_t *target, void *argument, const char *call) {
    swap_t swap = {argument};
    void *value = NULL;
    underway = &swap;
    self->awaits_swap = 1;
    int code = greenlet_switch(target, &swap, &value);
    if (underway == &swap) refuse(code, target, call);
    code = stay_away(self, code, value, call);
    underway = NULL;
    self->awaits_swap = 0;
    return code;
}

static int swap_from_home(greenlet_t *self, greenlet_t *target, void *argument, const char *call) {
    greenlet_call_t flow;
    greenlet_call_begin(&flow, target, drop_call);
    int code = switch_to(self, target, argument, call);
    greenlet_call_end(&flow);
    return code;
}

int swap_to(greenlet_t *target, void *argument, const char *call) {
    greenlet_t *self = greenlet_current();
    if (target == self) return GREENLET_OK;
    int code = check(self, target);
    if (code < 0) refuse(code, target, call);
    greenlet_call_t *flow = flow_of(self);
    if (!flow) return swap_from_home(self, target, argument, call);
    if (target != flow->caller) set_active(flow, target);
    return switch_to(self, target, argument, call);
}
