// SPDX-License-Identifier: MIT
#include "callback.h"

#include "hub_internal.h"

static void call(callback_t *callback) {
    gevent_callback_t *self = LIST_ITEM(callback, gevent_callback_t, callback);
    hub_call_back(self->run, self->argument);
}

int gevent_run_callback(gevent_callback_t *callback, gevent_callback_fn run, void *argument) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!callback || !run) return greenlet_fail(GREENLET_EINVAL);
    if (gevent_callback_pending(callback)) return greenlet_fail(GREENLET_ESTARTED);
    *callback = (gevent_callback_t){{.run = call}, run, argument};
    hub_call(hub, &callback->callback);
    return GREENLET_OK;
}

void gevent_callback_stop(gevent_callback_t *callback) {
    hub_cancel_call(&callback->callback);
}

int gevent_callback_pending(const gevent_callback_t *callback) {
    return !list_is_empty(&callback->callback.link);
}

// ---- hooks --------------------------------------------------------------------------------------

int gevent_hook_start(gevent_hook_t *hook, gevent_hook_kind_t kind, gevent_callback_fn run,
                      void *argument) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!hook || !run || (unsigned)kind > GEVENT_IDLE) return greenlet_fail(GREENLET_EINVAL);
    if (!list_is_empty(&hook->link)) return greenlet_fail(GREENLET_ESTARTED);
    hook->run = run;
    hook->argument = argument;
    list_append(&hub->hooks[kind], &hook->link);
    return GREENLET_OK;
}

void gevent_hook_stop(gevent_hook_t *hook) {
    list_remove(&hook->link);
}

// A hook may stop itself and others, and start some; those have their turn the next time.
int hub_run_hooks(hub_t *hub, gevent_hook_kind_t kind) {
    list_t *hooks = &hub->hooks[kind];
    if (list_is_empty(hooks)) return 0;
    list_t due;
    list_move(hooks, &due);
    while (!list_is_empty(&due)) {
        gevent_hook_t *hook = LIST_ITEM(due.next, gevent_hook_t, link);
        list_remove(&hook->link);
        list_append(hooks, &hook->link);
        hub_call_back(hook->run, hook->argument);
    }
    return 1;
}
