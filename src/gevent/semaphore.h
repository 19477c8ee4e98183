// Semaphores: a number of permits that greenlets wait for.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SEMAPHORE_H
#define GEVENT_SEMAPHORE_H

#include "cleanup.h"

#ifdef __cplusplus
extern "C" {
#endif

// A number of permits. Lives where the caller puts it, for as long as anybody waits for it; there
// is nothing to free. One that is all zero has no permits, no limit, and is not fair.
// (gevent: Semaphore, BoundedSemaphore)
typedef struct gevent_semaphore gevent_semaphore_t;

enum {
    // Who asks while others wait goes behind them. Without it, a permit that has been released
    // goes to whoever comes first, even before those who are about to be woken, as in gevent: that
    // saves a switch, and lets somebody who releases and acquires in a loop starve the others.
    // (trio: StrictFIFOLock)
    GEVENT_FAIR = 1,
    // There are never more permits than at the beginning. (gevent: BoundedSemaphore)
    GEVENT_BOUNDED = 2
};

// Makes it one with `count` permits.
//   flags  GEVENT_FAIR, GEVENT_BOUNDED, both or 0
// GREENLET_EINVAL if `count` is negative.
int gevent_semaphore_init(gevent_semaphore_t *semaphore, int count, unsigned flags);

// Takes a permit; waits for one, in the order in which greenlets came, at most `seconds`. With
// GEVENT_NOWAIT from anywhere. GREENLET_ETIMEDOUT. Whoever fails has taken none.
int gevent_semaphore_acquire(gevent_semaphore_t *semaphore, double seconds);

// Gives a permit back, or a new one; whoever waits for it goes on once the caller waits. From
// anywhere, and not only by who took it. GREENLET_ENOTHELD if that would be more than there may be.
int gevent_semaphore_release(gevent_semaphore_t *semaphore);

// Acquires, and has gevent_cleanup_pop(cleanup, 1) release; so does the end of a task that is
// killed hard.
//   gevent_cleanup_t held;
//   int code = gevent_semaphore_hold(&semaphore, GEVENT_FOREVER, &held);
//   if (code < 0) return code;
//   code = work();
//   gevent_cleanup_pop(&held, 1);
//   return code;
int gevent_semaphore_hold(gevent_semaphore_t *semaphore, double seconds, gevent_cleanup_t *cleanup);

// Waits until there is a permit, and does not take it. GREENLET_ETIMEDOUT.
int gevent_semaphore_wait(gevent_semaphore_t *semaphore, double seconds);

// How many permits there are; whether there are none. From anywhere.
int gevent_semaphore_count(const gevent_semaphore_t *semaphore);
int gevent_semaphore_is_locked(const gevent_semaphore_t *semaphore);

// ---- private ------------------------------------------------------------------------------------

struct gevent_semaphore {
    struct gevent_waiters waiters;
    int count, limit;
    unsigned flags;
};

#ifdef __cplusplus
}
#endif
#endif
