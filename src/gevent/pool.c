// Pools: the number of members is the count of places taken, so that there is no other to be wrong.
//
// SPDX-License-Identifier: MIT
#include "pool.h"

#include "../memory.h"
#include "ending.h"

size_t gevent_pool_free_count(const gevent_pool_t *pool) {
    return pool->size > pool->group.length ? pool->size - pool->group.length : 0;
}

int gevent_pool_is_full(const gevent_pool_t *pool) {
    return gevent_pool_free_count(pool) == 0;
}

// Whether those who wait may go on: with a place, or to be refused. While the group is being killed
// they wait, for they would not start.
static int lets_in(const gevent_pool_t *pool) {
    return pool->group.is_closed || (!gevent_pool_is_full(pool) && pool->group.killers == 0);
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    const gevent_pool_t *pool = LIST_ITEM(waiters, const gevent_pool_t, waiters);
    while (lets_in(pool) && waiters_tell_first(waiters)) continue;
}

static void changed(gevent_group_t *group) {
    gevent_pool_t *pool = LIST_ITEM(group, gevent_pool_t, group);
    if (lets_in(pool)) waiters_notify(&pool->waiters, tell);
}

void gevent_pool_init(gevent_pool_t *pool, size_t size) {
    *pool = (gevent_pool_t){.group.changed = changed, .size = size};
}

// ---- waiting for a place ------------------------------------------------------------------------

int gevent_pool_wait(gevent_pool_t *pool, double seconds) {
    if (pool->group.is_closed) return greenlet_fail(GREENLET_ECLOSED);
    if (!gevent_pool_is_full(pool)) return GREENLET_OK;
    if (seconds <= 0) return greenlet_fail(GREENLET_ETIMEDOUT);
    wait_t wait = {.what = "pool"};
    int code = waiters_wait(&pool->waiters, &wait, seconds);
    return code < 0 || !pool->group.is_closed ? code : greenlet_fail(GREENLET_ECLOSED);
}

int gevent_pool_spawn(gevent_pool_t *pool, greenlet_run_fn run, void *argument, double seconds,
                      gevent_task_t **task) {
    int code = gevent_pool_wait(pool, seconds);
    return code < 0 ? code : gevent_group_spawn(&pool->group, run, argument, task);
}

int gevent_pool_add(gevent_pool_t *pool, gevent_task_t *task, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (gevent_group_has(&pool->group, task)) return GREENLET_OK;
    int code = gevent_pool_wait(pool, seconds);
    return code < 0 ? code : gevent_group_add(&pool->group, task);
}

int gevent_pool_start(gevent_pool_t *pool, gevent_task_t *task, double seconds) {
    int code = gevent_pool_add(pool, task, seconds);
    return code < 0 ? code : gevent_start(task);
}

// ---- apply --------------------------------------------------------------------------------------

static int call(greenlet_run_fn run, void *argument, void **result) {
    void *value = NULL;
    int code = run(argument, &value);
    if (code >= 0 && result) *result = value;
    return code < 0 ? code : GREENLET_OK;
}

int gevent_pool_apply(gevent_pool_t *pool, greenlet_run_fn run, void *argument, void **result) {
    if (!run) return greenlet_fail(GREENLET_EINVAL);
    if (gevent_group_has(&pool->group, gevent_current_task())) return call(run, argument, result);
    gevent_task_t *task;
    int code = gevent_pool_spawn(pool, run, argument, GEVENT_FOREVER, &task);
    return code < 0 ? code : task_outcome_for_caller(task, result);
}

// ---- apply_async --------------------------------------------------------------------------------

// A task that stands in line for a place.
typedef struct order {
    waiter_t place;    // in the pool's list
    waiter_t finished; // in the task's
    note_t note;
    gevent_pool_t *pool;
    gevent_task_t *task; // owned
} order_t;

static void free_order(order_t *order) {
    waiters_remove(&order->finished);
    list_remove(&order->note.all);
    gevent_task_unref(order->task);
    memory_free(order);
}

static void forget(note_t *note) {
    free_order(LIST_ITEM(note, order_t, note));
}

// Its turn has come, or it has been killed before.
static void leave_line(order_t *order) {
    waiters_remove(&order->place);
    free_order(order);
}

static void place_is_free(waiter_t *place) {
    order_t *order = LIST_ITEM(place, order_t, place);
    int code = gevent_group_start(&order->pool->group, order->task);
    if (code < 0) {
        greenlet_error_t *error = greenlet_error_claim(code);
        task_finish_unstarted(order->task, error);
        greenlet_error_unref(error);
    }
    leave_line(order);
}

static void has_finished(waiter_t *finished) {
    leave_line(LIST_ITEM(finished, order_t, finished));
}

static int stand_in_line(gevent_pool_t *pool, gevent_task_t *task) {
    order_t *order = memory_alloc_zeroed(sizeof *order);
    if (!order) return greenlet_fail(GREENLET_ENOMEM);
    order->pool = pool;
    order->task = gevent_task_ref(task);
    order->place.tell = place_is_free;
    order->finished.tell = has_finished;
    waiters_add(&pool->waiters, &order->place);
    waiters_add(&task->waiters, &order->finished);
    order->note.forget = forget;
    list_append(&hub_get()->notes, &order->note.all);
    return GREENLET_OK;
}

int gevent_pool_apply_async(gevent_pool_t *pool, greenlet_run_fn run, void *argument,
                            gevent_task_t **result) {
    gevent_task_t *task;
    int code = gevent_new(run, argument, &task);
    if (code < 0) return code;
    if (pool->group.is_closed || !gevent_pool_is_full(pool))
        code = gevent_group_start(&pool->group, task);
    else
        code = stand_in_line(pool, task);
    if (code >= 0 && result) *result = gevent_task_ref(task);
    gevent_task_unref(task);
    return code;
}
