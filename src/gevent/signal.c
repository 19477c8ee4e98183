// SPDX-License-Identifier: MIT
#include "signal.h"

#include "../memory.h"
#include "hub_internal.h"
#include "task.h"

typedef struct handler {
    loop_signal_t signal;
    list_t link; // in the hub's list
    greenlet_run_fn run;
    void *argument;
} handler_t;

static handler_t *find(const hub_t *hub, int number) {
    for (const list_t *link = hub->signals.next; link != &hub->signals; link = link->next) {
        handler_t *handler = LIST_ITEM(link, handler_t, link);
        if (handler->signal.number == number) return handler;
    }
    return NULL;
}

static int spawn(void *argument) {
    const handler_t *handler = argument;
    return gevent_spawn(handler->run, handler->argument, NULL);
}

static void arrive(loop_signal_t *signal) {
    hub_call_back(spawn, LIST_ITEM(signal, handler_t, signal));
}

// The loop's own way to set a handler is not the program's.
static int open_signal(hub_t *hub, loop_signal_t *signal) {
    hub->is_asking_loop = 1;
    int code = hub->loop->signals->open_signal(signal);
    hub->is_asking_loop = 0;
    return code;
}

static void forget(hub_t *hub, handler_t *handler) {
    hub->is_asking_loop = 1;
    hub->loop->signals->close_signal(&handler->signal);
    hub->is_asking_loop = 0;
    list_remove(&handler->link);
    memory_free(handler);
}

static int add(hub_t *hub, int number, greenlet_run_fn run, void *argument) {
    handler_t *handler = memory_alloc_zeroed(sizeof *handler);
    if (!handler) return greenlet_fail(GREENLET_ENOMEM);
    *handler = (handler_t){.signal = {number, arrive, NULL}, .run = run, .argument = argument};
    int code = open_signal(hub, &handler->signal);
    if (code < 0) {
        memory_free(handler);
        return greenlet_fail(code);
    }
    list_append(&hub->signals, &handler->link);
    return GREENLET_OK;
}

int gevent_signal(int number, greenlet_run_fn run, void *argument) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    if (!hub->loop->signals) return greenlet_fail(GREENLET_ENOSYS);
    handler_t *handler = find(hub, number);
    if (!handler) return run ? add(hub, number, run, argument) : GREENLET_OK;
    handler->run = run;
    handler->argument = argument;
    if (!run) forget(hub, handler);
    return GREENLET_OK;
}

void signal_forget_all(hub_t *hub) {
    while (!list_is_empty(&hub->signals))
        forget(hub, LIST_ITEM(hub->signals.next, handler_t, link));
}
