// SPDX-License-Identifier: MIT
#include "queue.h"

#include <assert.h>

#include "event_internal.h"
#include "items.h"
#include "source.h"

static void make(gevent_queue_t *queue, size_t maxsize, items_t items) {
    *queue = (gevent_queue_t){.maxsize = maxsize, .items = items};
}

void gevent_queue_init(gevent_queue_t *queue, size_t maxsize) {
    make(queue, maxsize, (items_t){.order = GEVENT_FIFO});
}

void gevent_queue_init_lifo(gevent_queue_t *queue, size_t maxsize) {
    make(queue, maxsize, (items_t){.order = GEVENT_LIFO});
}

void gevent_queue_init_priority(gevent_queue_t *queue, size_t maxsize, gevent_compare_fn compare) {
    make(queue, maxsize, (items_t){.order = GEVENT_PRIORITY, .compare = compare});
}

void gevent_queue_free(gevent_queue_t *queue) {
    assert(waiters_are_none(&queue->getters) && waiters_are_none(&queue->putters));
    items_free(&queue->items);
}

size_t gevent_queue_size(const gevent_queue_t *queue) {
    return queue->items.count;
}

int gevent_queue_is_empty(const gevent_queue_t *queue) {
    return queue->items.count == 0;
}

int gevent_queue_is_full(const gevent_queue_t *queue) {
    return queue->maxsize > 0 && queue->items.count >= queue->maxsize;
}

int gevent_queue_is_closed(const gevent_queue_t *queue) {
    return queue->is_closed;
}

// ---- who waits ----------------------------------------------------------------------------------

static int ends_get(const gevent_queue_t *queue) {
    return !gevent_queue_is_empty(queue) || queue->is_closed;
}

static int ends_put(const gevent_queue_t *queue) {
    return !gevent_queue_is_full(queue) || queue->is_closed;
}

// Putters and getters take turns, as in gevent, if both can go on. NULL: nobody can.
static waiter_t *next_waiter(const gevent_queue_t *queue) {
    int is_getter = ends_get(queue) && !waiters_are_none(&queue->getters);
    int is_putter = ends_put(queue) && !waiters_are_none(&queue->putters);
    if (is_getter && (queue->is_getters_turn || !is_putter)) return waiters_first(&queue->getters);
    return is_putter ? waiters_first(&queue->putters) : NULL;
}

static void notify_getters(callback_t *notifier);
static void notify_putters(callback_t *notifier);

// Tells one; when he has gone on, there will be more.
static void tell_next(gevent_queue_t *queue) {
    waiter_t *waiter = next_waiter(queue);
    queue->is_getters_turn = waiter && waiter->waiters == &queue->putters;
    if (!waiter) return;
    waiters_remove(waiter);
    waiters_notify_next(&queue->getters, notify_getters);
    waiters_notify_next(&queue->putters, notify_putters);
    waiter->tell(waiter);
}

static void notify_getters(callback_t *notifier) {
    tell_next(LIST_ITEM(waiters_of(notifier), gevent_queue_t, getters));
}

static void notify_putters(callback_t *notifier) {
    tell_next(LIST_ITEM(waiters_of(notifier), gevent_queue_t, putters));
}

// ---- put ----------------------------------------------------------------------------------------

static int put_is_ready(const gevent_case_t *each) {
    return ends_put(each->object);
}

static int put(gevent_case_t *each) {
    gevent_queue_t *queue = each->object;
    if (queue->is_closed) return greenlet_fail(GREENLET_ECLOSED);
    int code = items_add(&queue->items, each->value);
    if (code < 0) return code;
    if (queue->unfinished++ == 0) gevent_event_clear(&queue->all_done);
    waiters_notify(&queue->getters, notify_getters);
    return GREENLET_OK;
}

static waiters_t *putters_of(const gevent_case_t *each) {
    gevent_queue_t *queue = each->object;
    return &queue->putters;
}

static const source_t put_source = {"queue put", put_is_ready, put, putters_of, NULL, NULL};

gevent_case_t gevent_queue_put_case(gevent_queue_t *queue, void *item) {
    return (gevent_case_t){.source = &put_source, .object = queue, .value = item};
}

int gevent_queue_put(gevent_queue_t *queue, void *item, double seconds) {
    gevent_case_t each = gevent_queue_put_case(queue, item);
    return case_do(&each, seconds);
}

// ---- get and peek -------------------------------------------------------------------------------

static int get_is_ready(const gevent_case_t *each) {
    return ends_get(each->object);
}

static int get(gevent_case_t *each) {
    gevent_queue_t *queue = each->object;
    if (gevent_queue_is_empty(queue)) return greenlet_fail(GREENLET_ECLOSED);
    each->value = items_take(&queue->items);
    waiters_notify(&queue->putters, notify_putters);
    return GREENLET_OK;
}

static int peek(gevent_case_t *each) {
    const gevent_queue_t *queue = each->object;
    if (gevent_queue_is_empty(queue)) return greenlet_fail(GREENLET_ECLOSED);
    each->value = items_first(&queue->items);
    return GREENLET_OK;
}

static waiters_t *getters_of(const gevent_case_t *each) {
    gevent_queue_t *queue = each->object;
    return &queue->getters;
}

static const source_t get_source = {"queue get", get_is_ready, get, getters_of, NULL, NULL};
static const source_t peek_source = {"queue peek", get_is_ready, peek, getters_of, NULL, NULL};

gevent_case_t gevent_queue_get_case(gevent_queue_t *queue) {
    return (gevent_case_t){.source = &get_source, .object = queue};
}

gevent_case_t gevent_queue_peek_case(gevent_queue_t *queue) {
    return (gevent_case_t){.source = &peek_source, .object = queue};
}

static int do_for_item(gevent_case_t each, double seconds, void **item) {
    int code = case_do(&each, seconds);
    if (code >= 0 && item) *item = each.value;
    return code;
}

int gevent_queue_get(gevent_queue_t *queue, double seconds, void **item) {
    return do_for_item(gevent_queue_get_case(queue), seconds, item);
}

int gevent_queue_peek(gevent_queue_t *queue, double seconds, void **item) {
    return do_for_item(gevent_queue_peek_case(queue), seconds, item);
}

// ---- done and join ------------------------------------------------------------------------------

int gevent_queue_task_done(gevent_queue_t *queue) {
    if (queue->unfinished == 0)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EINVAL),
                              "gevent_queue_task_done was called more often than items were put");
    if (--queue->unfinished == 0) gevent_event_set(&queue->all_done);
    return GREENLET_OK;
}

size_t gevent_queue_unfinished(const gevent_queue_t *queue) {
    return queue->unfinished;
}

int gevent_queue_join(gevent_queue_t *queue, double seconds) {
    return queue->unfinished == 0 ? GREENLET_OK
                                  : event_wait_as("queue join", &queue->all_done, seconds);
}

// ---- closing ------------------------------------------------------------------------------------

void gevent_queue_close(gevent_queue_t *queue) {
    queue->is_closed = 1;
    waiters_notify(&queue->getters, notify_getters);
    waiters_notify(&queue->putters, notify_putters);
}

void gevent_queue_close_now(gevent_queue_t *queue, void (*drop)(void *item)) {
    gevent_queue_close(queue);
    while (!gevent_queue_is_empty(queue)) {
        void *item = items_take(&queue->items);
        if (queue->unfinished > 0) (void)gevent_queue_task_done(queue);
        if (drop) drop(item);
    }
}
