// Semaphores. While there are permits and somebody waits, the notifier is queued or runs; whoever
// it tells goes on at once and finds the permit still there.
//
// SPDX-License-Identifier: MIT
#include "semaphore.h"

#include <limits.h>

#include "waiters.h"

int gevent_semaphore_init(gevent_semaphore_t *semaphore, int count, unsigned flags) {
    if (count < 0) return greenlet_fail(GREENLET_EINVAL);
    *semaphore = (gevent_semaphore_t){.count = count, .limit = count, .flags = flags};
    return GREENLET_OK;
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    const gevent_semaphore_t *semaphore = LIST_ITEM(waiters, const gevent_semaphore_t, waiters);
    while (semaphore->count > 0 && waiters_tell_first(waiters)) continue;
}

static int wait_for_permit(gevent_semaphore_t *semaphore, double seconds) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "semaphore"};
    return waiters_wait(&semaphore->waiters, &wait, seconds);
}

static int is_free(const gevent_semaphore_t *semaphore) {
    int must_queue = (semaphore->flags & GEVENT_FAIR) && !waiters_are_none(&semaphore->waiters);
    return semaphore->count > 0 && !must_queue;
}

int gevent_semaphore_acquire(gevent_semaphore_t *semaphore, double seconds) {
    if (!is_free(semaphore)) {
        if (seconds <= 0) return greenlet_fail(GREENLET_ETIMEDOUT);
        int code = wait_for_permit(semaphore, seconds);
        if (code < 0) return code;
    }
    semaphore->count--;
    return GREENLET_OK;
}

int gevent_semaphore_release(gevent_semaphore_t *semaphore) {
    int limit = semaphore->flags & GEVENT_BOUNDED ? semaphore->limit : INT_MAX;
    if (semaphore->count >= limit)
        return greenlet_raise(greenlet_error_type_of(GREENLET_ENOTHELD),
                              "a semaphore was released more often than it was acquired");
    semaphore->count++;
    waiters_notify(&semaphore->waiters, tell);
    return GREENLET_OK;
}

static void release_held(void *semaphore) {
    (void)gevent_semaphore_release(semaphore);
}

int gevent_semaphore_hold(gevent_semaphore_t *semaphore, double seconds,
                          gevent_cleanup_t *cleanup) {
    int code = gevent_semaphore_acquire(semaphore, seconds);
    if (code >= 0) gevent_cleanup_push(cleanup, release_held, semaphore);
    return code;
}

int gevent_semaphore_wait(gevent_semaphore_t *semaphore, double seconds) {
    return semaphore->count > 0 ? GREENLET_OK : wait_for_permit(semaphore, seconds);
}

int gevent_semaphore_count(const gevent_semaphore_t *semaphore) {
    return semaphore->count;
}

int gevent_semaphore_is_locked(const gevent_semaphore_t *semaphore) {
    return semaphore->count == 0;
}
