// Links of results: waiters that call a function.
//
// SPDX-License-Identifier: MIT
#include "result_link.h"

#include "../memory.h"
#include "result_internal.h"

typedef struct result_link {
    waiter_t waiter;
    gevent_result_t *result;
    gevent_result_link_fn run;
    void *argument;
} result_link_t;

static void free_link(result_link_t *link) {
    waiters_remove(&link->waiter);
    memory_free(link);
}

static void tell(waiter_t *waiter) {
    result_link_t link = *LIST_ITEM(waiter, result_link_t, waiter);
    memory_free(LIST_ITEM(waiter, result_link_t, waiter));
    int code = link.run(link.result, link.argument);
    if (code >= 0) return;
    greenlet_error_t *error = greenlet_error_claim(code);
    hub_report_unhandled(greenlet_current(), error);
    greenlet_error_unref(error);
}

int gevent_result_rawlink(gevent_result_t *result, gevent_result_link_fn run, void *argument) {
    if (!result || !run) return greenlet_fail(GREENLET_EINVAL);
    result_link_t *link = hub_get() ? memory_alloc_zeroed(sizeof *link) : NULL;
    if (!link) return greenlet_fail(GREENLET_ENOMEM);
    *link =
        (result_link_t){.waiter.tell = tell, .result = result, .run = run, .argument = argument};
    waiters_add(&result->waiters, &link->waiter);
    if (result->is_ready) waiters_notify(&result->waiters, waiters_tell_all);
    return GREENLET_OK;
}

// Of the waiters from `place` on, the first that is a link; NULL: none is.
static result_link_t *find_link(const gevent_result_t *result, list_t *place) {
    for (; place && place != &result->waiters.list; place = place->next) {
        waiter_t *waiter = LIST_ITEM(place, waiter_t, link);
        if (waiter->tell == tell) return LIST_ITEM(waiter, result_link_t, waiter);
    }
    return NULL;
}

int gevent_result_unlink(gevent_result_t *result, gevent_result_link_fn run, const void *argument) {
    result_link_t *link = find_link(result, result->waiters.list.next);
    while (link && !(link->run == run && link->argument == argument))
        link = find_link(result, link->waiter.link.next);
    if (link) free_link(link);
    return link != NULL;
}

void result_drop_links(gevent_result_t *result) {
    result_link_t *link;
    while ((link = find_link(result, result->waiters.list.next))) free_link(link);
}
