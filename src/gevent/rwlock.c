// Locks that many may hold to read, or one to write. While the first that waits may enter, the
// notifier is queued or runs.
//
// SPDX-License-Identifier: MIT
#include "rwlock.h"

#include "waiters.h"

typedef struct rwlock_waiter {
    waiter_t waiter;
    wait_t wait;
    gevent_rwlock_t *lock;
    int writes;
} rwlock_waiter_t;

void gevent_rwlock_init(gevent_rwlock_t *lock) {
    *lock = (gevent_rwlock_t){0};
}

static int admits(const gevent_rwlock_t *lock, int writes) {
    return !lock->writer && !(writes && lock->readers > 0);
}

static int admits_first(const gevent_rwlock_t *lock) {
    const list_t *first = lock->waiters.list.next;
    return admits(lock, LIST_ITEM(first, const rwlock_waiter_t, waiter.link)->writes);
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    const gevent_rwlock_t *lock = LIST_ITEM(waiters, const gevent_rwlock_t, waiters);
    while (admits_first(lock) && waiters_tell_first(waiters)) continue;
}

// A writer that goes away may have kept readers waiting.
static void leave_queue(wait_t *wait) {
    waiters_notify(&LIST_ITEM(wait, rwlock_waiter_t, wait)->lock->waiters, tell);
}

static int wait_in_queue(gevent_rwlock_t *lock, int writes, double seconds) {
    if (seconds <= 0) return greenlet_fail(GREENLET_ETIMEDOUT);
    if (lock->writer == greenlet_current() && seconds == GEVENT_FOREVER)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EDEADLK), "%s waits for itself",
                              greenlet_name(lock->writer));
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    rwlock_waiter_t place = {
        .waiter.tell = waiter_resume,
        .wait = {.what = "rwlock", .holder = &lock->writer, .cancel = leave_queue},
        .lock = lock,
        .writes = writes};
    waiters_add_place(&lock->waiters, &place.waiter, &place.wait);
    return wait_seconds(&place.wait, seconds);
}

static int enter(gevent_rwlock_t *lock, int writes, double seconds) {
    int is_free = admits(lock, writes) && waiters_are_none(&lock->waiters);
    return is_free ? GREENLET_OK : wait_in_queue(lock, writes, seconds);
}

int gevent_rwlock_acquire_read(gevent_rwlock_t *lock, double seconds) {
    int code = enter(lock, 0, seconds);
    if (code >= 0) lock->readers++;
    return code;
}

int gevent_rwlock_acquire_write(gevent_rwlock_t *lock, double seconds) {
    int code = enter(lock, 1, seconds);
    if (code >= 0) lock->writer = greenlet_ref(greenlet_current());
    return code;
}

static void leave_read(void *held) {
    gevent_rwlock_t *lock = held;
    lock->readers--;
    waiters_notify(&lock->waiters, tell);
}

// Also of another greenlet, which is being killed.
static void leave_write(void *held) {
    gevent_rwlock_t *lock = held;
    greenlet_t *writer = lock->writer;
    lock->writer = NULL;
    waiters_notify(&lock->waiters, tell);
    greenlet_unref(writer);
}

int gevent_rwlock_release_read(gevent_rwlock_t *lock) {
    if (lock->readers == 0)
        return greenlet_raise(greenlet_error_type_of(GREENLET_ENOTHELD),
                              "nobody holds the lock to read");
    leave_read(lock);
    return GREENLET_OK;
}

int gevent_rwlock_release_write(gevent_rwlock_t *lock) {
    if (lock->writer != greenlet_current())
        return greenlet_raise(greenlet_error_type_of(GREENLET_ENOTHELD),
                              "%s does not hold the lock to write",
                              greenlet_name(greenlet_current()));
    leave_write(lock);
    return GREENLET_OK;
}

int gevent_rwlock_hold_read(gevent_rwlock_t *lock, double seconds, gevent_cleanup_t *cleanup) {
    int code = gevent_rwlock_acquire_read(lock, seconds);
    if (code >= 0) gevent_cleanup_push(cleanup, leave_read, lock);
    return code;
}

int gevent_rwlock_hold_write(gevent_rwlock_t *lock, double seconds, gevent_cleanup_t *cleanup) {
    int code = gevent_rwlock_acquire_write(lock, seconds);
    if (code >= 0) gevent_cleanup_push(cleanup, leave_write, lock);
    return code;
}
