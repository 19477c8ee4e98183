// SPDX-License-Identifier: MIT
#include "condition.h"

#include "rlock_internal.h"
#include "waiters.h"

void gevent_condition_init(gevent_condition_t *condition, gevent_rlock_t *lock) {
    *condition = (gevent_condition_t){.lock = lock};
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    gevent_condition_t *condition = LIST_ITEM(waiters, gevent_condition_t, waiters);
    do {
        if (condition->pending == 0) return;
        condition->pending--;
    } while (waiters_tell_first(waiters));
}

// As many as wait and have not been notified, at most `count`.
static void notify(gevent_condition_t *condition, size_t count) {
    if (waiters_are_none(&condition->waiters)) return;
    size_t length = list_length(&condition->waiters.list);
    size_t left = length > condition->pending ? length - condition->pending : 0;
    condition->pending += count < left ? count : left;
    waiters_notify(&condition->waiters, tell);
}

int gevent_condition_notify(gevent_condition_t *condition, size_t count) {
    int code = rlock_check_held(condition->lock);
    if (code >= 0) notify(condition, count);
    return code;
}

int gevent_condition_notify_all(gevent_condition_t *condition) {
    return gevent_condition_notify(condition, SIZE_MAX);
}

// Failures after which to wait again would fail again.
static int is_final(int code) {
    switch (code) {
    case GREENLET_EDEADLK:
    case GREENLET_ENOMEM:
    case GREENLET_ESHUTDOWN:
    case GREENLET_EFORBIDDEN:
        return 1;
    default:
        return 0;
    }
}

// Returns `code`, or the first error that was thrown, or what ended it without the lock.
static int take_back(gevent_rlock_t *lock, size_t depth, int code) {
    greenlet_error_t *first = code < 0 ? greenlet_error_take() : NULL;
    int outcome;
    do {
        wait_t wait = {.what = "condition", .ignores_cancel = 1};
        outcome = rlock_enter(lock, &wait, GEVENT_FOREVER, depth);
        if (outcome < 0 && (!first || code == GREENLET_ETIMEDOUT || is_final(outcome))) {
            greenlet_error_unref(first);
            first = greenlet_error_take();
            code = outcome;
        }
    } while (outcome < 0 && !is_final(outcome));
    return code < 0 ? greenlet_error_restore(first) : code;
}

// What would be refused is refused before the lock is released.
static int check(const gevent_condition_t *condition) {
    const hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    int code = rlock_check_held(condition->lock);
    if (code < 0) return code;
    code = wait_check(hub);
    return code < 0 ? greenlet_fail(code) : gevent_check_cancelled();
}

int gevent_condition_wait(gevent_condition_t *condition, double seconds) {
    int code = check(condition);
    if (code < 0) return code;
    if (waiters_are_none(&condition->waiters)) condition->pending = 0;
    size_t depth = rlock_leave(condition->lock);
    wait_t wait = {.what = "condition"};
    code = waiters_wait(&condition->waiters, &wait, seconds);
    int was_notified = code >= 0;
    code = take_back(condition->lock, depth, code);
    if (was_notified && code < 0) notify(condition, 1);
    return code;
}
