// Locks that their holder may take again. While the lock is free and somebody waits, the notifier
// is queued or runs; whoever it tells goes on at once and finds the lock still free.
//
// SPDX-License-Identifier: MIT
#include "rlock_internal.h"

#include "waiters.h"

void gevent_rlock_init(gevent_rlock_t *lock, unsigned flags) {
    *lock = (gevent_rlock_t){.flags = flags};
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    const gevent_rlock_t *lock = LIST_ITEM(waiters, const gevent_rlock_t, waiters);
    while (!lock->owner && waiters_tell_first(waiters)) continue;
}

int rlock_check_held(const gevent_rlock_t *lock) {
    if (lock->owner == greenlet_current()) return GREENLET_OK;
    const char *owner = lock->owner ? greenlet_name(lock->owner) : "nobody";
    return greenlet_raise(greenlet_error_type_of(GREENLET_ENOTHELD),
                          "the lock is held by %s, not %s", owner,
                          greenlet_name(greenlet_current()));
}

static int is_free(const gevent_rlock_t *lock) {
    int must_queue = (lock->flags & GEVENT_FAIR) && !waiters_are_none(&lock->waiters);
    return !lock->owner && !must_queue;
}

int rlock_enter(gevent_rlock_t *lock, wait_t *wait, double seconds, size_t depth) {
    if (!is_free(lock)) {
        if (seconds <= 0) return greenlet_fail(GREENLET_ETIMEDOUT);
        if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
        wait->holder = &lock->owner;
        int code = waiters_wait(&lock->waiters, wait, seconds);
        if (code < 0) return code;
    }
    lock->owner = greenlet_ref(greenlet_current());
    lock->depth = depth;
    return GREENLET_OK;
}

int gevent_rlock_acquire(gevent_rlock_t *lock, double seconds) {
    wait_t wait = {.what = "rlock"};
    if (lock->owner != greenlet_current()) return rlock_enter(lock, &wait, seconds, 1);
    lock->depth++;
    return GREENLET_OK;
}

size_t rlock_leave(gevent_rlock_t *lock) {
    size_t depth = lock->depth;
    greenlet_t *owner = lock->owner;
    lock->owner = NULL;
    lock->depth = 0;
    waiters_notify(&lock->waiters, tell);
    greenlet_unref(owner);
    return depth;
}

// Also of another greenlet, which is being killed.
static void release_once(void *held) {
    gevent_rlock_t *lock = held;
    if (lock->depth > 1)
        lock->depth--;
    else
        (void)rlock_leave(lock);
}

int gevent_rlock_release(gevent_rlock_t *lock) {
    int code = rlock_check_held(lock);
    if (code >= 0) release_once(lock);
    return code;
}

int gevent_rlock_hold(gevent_rlock_t *lock, double seconds, gevent_cleanup_t *cleanup) {
    int code = gevent_rlock_acquire(lock, seconds);
    if (code >= 0) gevent_cleanup_push(cleanup, release_once, lock);
    return code;
}

greenlet_t *gevent_rlock_owner(const gevent_rlock_t *lock) {
    return lock->owner;
}
