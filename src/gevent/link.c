// Links: waiters of a task that call a function.
//
// SPDX-License-Identifier: MIT
#include "link.h"

#include "../memory.h"
#include "channel.h"
#include "event.h"
#include "queue.h"
#include "result.h"
#include "task_internal.h"

enum { IF_SUCCESSFUL = 1 << GEVENT_RETURNED | 1 << GEVENT_KILLED, IF_FAILED = 1 << GEVENT_FAILED };

typedef struct task_link {
    waiter_t waiter;
    gevent_task_t *task;  // a reference only while it is being called
    greenlet_t *greenlet; // owned: that it is called in; NULL: the hub
    gevent_link_fn run;
    void *argument;
    unsigned statuses; // with which it is called, as bits
} task_link_t;

static void free_link(task_link_t *link) {
    waiters_remove(&link->waiter);
    greenlet_unref(link->greenlet);
    memory_free(link);
}

// ---- calling ------------------------------------------------------------------------------------

static void end(task_link_t *link) {
    gevent_task_t *task = link->task;
    free_link(link);
    gevent_task_unref(task);
}

// A failure is told here: the greenlet of a link that has waited may be gone when it has returned.
static void call(task_link_t *link) {
    int code = link->run(link->task, link->argument);
    if (code < 0) {
        greenlet_error_t *error = greenlet_error_claim(code);
        if (!greenlet_error_is(error, &GREENLET_EXIT))
            hub_report_unhandled(greenlet_current(), error);
        greenlet_error_unref(error);
    }
    end(link);
}

static int greenlet_run(void *link, void **result) {
    (void)result;
    call(link);
    return GREENLET_OK;
}

// Without memory for its stack the hub reports that, and nobody is called.
static void call_in_greenlet(task_link_t *link) {
    greenlet_t *greenlet = greenlet_ref(link->greenlet);
    hub_switch(greenlet, link);
    if (!greenlet_started(greenlet)) end(link);
    greenlet_unref(greenlet);
}

static void tell(waiter_t *waiter) {
    task_link_t *link = LIST_ITEM(waiter, task_link_t, waiter);
    gevent_task_ref(link->task);
    if (!(link->statuses >> link->task->status & 1))
        end(link);
    else if (link->greenlet)
        call_in_greenlet(link);
    else
        call(link);
}

// ---- linking ------------------------------------------------------------------------------------

static int add_link(gevent_task_t *task, gevent_link_fn run, void *argument, unsigned statuses,
                    greenlet_t *greenlet) {
    task_link_t *link = memory_alloc_zeroed(sizeof *link);
    if (!link) {
        greenlet_unref(greenlet);
        return greenlet_fail(GREENLET_ENOMEM);
    }
    *link = (task_link_t){.waiter.tell = tell,
                          .task = task,
                          .greenlet = greenlet,
                          .run = run,
                          .argument = argument,
                          .statuses = statuses};
    waiters_add(&task->waiters, &link->waiter);
    if (task->status != GEVENT_PENDING) waiters_notify(&task->waiters, waiters_tell_all);
    return GREENLET_OK;
}

static int link_greenlet(gevent_task_t *task, gevent_link_fn run, void *argument,
                         unsigned statuses) {
    if (!task || !run) return greenlet_fail(GREENLET_EINVAL);
    greenlet_t *greenlet;
    int code = greenlet_new(greenlet_run, hub_get()->greenlet, &greenlet);
    return code < 0 ? code : add_link(task, run, argument, statuses, greenlet);
}

int gevent_rawlink(gevent_task_t *task, gevent_link_fn run, void *argument) {
    if (!task || !run) return greenlet_fail(GREENLET_EINVAL);
    return add_link(task, run, argument, IF_SUCCESSFUL | IF_FAILED, NULL);
}

int gevent_link(gevent_task_t *task, gevent_link_fn run, void *argument) {
    return link_greenlet(task, run, argument, IF_SUCCESSFUL | IF_FAILED);
}

int gevent_link_value(gevent_task_t *task, gevent_link_fn run, void *argument) {
    return link_greenlet(task, run, argument, IF_SUCCESSFUL);
}

int gevent_link_error(gevent_task_t *task, gevent_link_fn run, void *argument) {
    return link_greenlet(task, run, argument, IF_FAILED);
}

// ---- unlinking ----------------------------------------------------------------------------------

// Of the waiters from `place` on, the first that is a link; NULL: none is.
static task_link_t *find_link(const gevent_task_t *task, list_t *place) {
    for (; place && place != &task->waiters.list; place = place->next) {
        waiter_t *waiter = LIST_ITEM(place, waiter_t, link);
        if (waiter->tell == tell) return LIST_ITEM(waiter, task_link_t, waiter);
    }
    return NULL;
}

static task_link_t *first_link(const gevent_task_t *task) {
    return find_link(task, task->waiters.list.next);
}

static task_link_t *next_link(const task_link_t *link) {
    return find_link(link->task, link->waiter.link.next);
}

int gevent_unlink(gevent_task_t *task, gevent_link_fn run, const void *argument) {
    task_link_t *link = first_link(task);
    while (link && !(link->run == run && link->argument == argument)) link = next_link(link);
    if (link) free_link(link);
    return link != NULL;
}

void gevent_unlink_all(gevent_task_t *task) {
    for (task_link_t *link; (link = first_link(task));) free_link(link);
}

// ---- what to link -------------------------------------------------------------------------------

int gevent_link_to_event(gevent_task_t *task, void *event) {
    (void)task;
    gevent_event_set(event);
    return GREENLET_OK;
}

int gevent_link_to_result(gevent_task_t *task, void *result) {
    if (task->status == GEVENT_RETURNED)
        gevent_result_set(result, task->value);
    else
        gevent_result_fail(result, task->error);
    return GREENLET_OK;
}

// In the hub nothing can wait.
static double patience(void) {
    return greenlet_current() == hub_get()->greenlet ? GEVENT_NOWAIT : GEVENT_FOREVER;
}

int gevent_link_to_queue(gevent_task_t *task, void *queue) {
    int code = gevent_queue_put(queue, gevent_task_ref(task), patience());
    if (code < 0) gevent_task_unref(task);
    return code;
}

int gevent_link_to_channel(gevent_task_t *task, void *channel) {
    int code = gevent_channel_put(channel, gevent_task_ref(task), patience());
    if (code < 0) gevent_task_unref(task);
    return code;
}
