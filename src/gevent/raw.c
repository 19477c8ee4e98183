// Greenlets that the hub runs without a task.
//
// SPDX-License-Identifier: MIT
#include "../memory.h"
#include "hub_internal.h"
#include "task.h"

typedef struct raw_start {
    callback_t callback;
    list_t unstarted;     // its place in the hub's list
    greenlet_t *greenlet; // owned
    void *argument;
} raw_start_t;

static void free_start(raw_start_t *start) {
    hub_cancel_call(&start->callback);
    list_remove(&start->unstarted);
    greenlet_unref(start->greenlet);
    memory_free(start);
}

// While the greenlet is parked, its wait owns it. Whoever has a reference may have started it.
static void begin(callback_t *callback) {
    raw_start_t *start = LIST_ITEM(callback, raw_start_t, callback);
    greenlet_t *greenlet = greenlet_ref(start->greenlet);
    void *argument = start->argument;
    free_start(start);
    if (!greenlet_started(greenlet)) hub_switch(greenlet, argument);
    greenlet_unref(greenlet);
}

int gevent_spawn_raw(greenlet_run_fn run, void *argument, greenlet_t **result) {
    if (!run) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    raw_start_t *start = hub ? memory_alloc_zeroed(sizeof *start) : NULL;
    if (!start) return greenlet_fail(GREENLET_ENOMEM);
    int code = greenlet_new(run, hub->greenlet, &start->greenlet);
    if (code < 0) {
        memory_free(start);
        return code;
    }
    start->callback.run = begin;
    start->argument = argument;
    list_append(&hub->unstarted_raw, &start->unstarted);
    hub_call(hub, &start->callback);
    if (result) *result = greenlet_ref(start->greenlet);
    return GREENLET_OK;
}

void raw_forget_unstarted(hub_t *hub) {
    while (!list_is_empty(&hub->unstarted_raw))
        free_start(LIST_ITEM(hub->unstarted_raw.next, raw_start_t, unstarted));
}
