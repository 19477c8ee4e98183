// Locks that their holder may take again.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_RLOCK_H
#define GEVENT_RLOCK_H

#include "semaphore.h"

#ifdef __cplusplus
extern "C" {
#endif

// A lock that belongs to the greenlet that took it, which may take it again and must release it as
// often. Lives where the caller puts it, for as long as anybody holds it or waits for it; there is
// nothing to free. One that is all zero is free, and not fair. (gevent: RLock)
typedef struct gevent_rlock gevent_rlock_t;

// Makes it one that is free.
//   flags  GEVENT_FAIR (semaphore.h) or 0
void gevent_rlock_init(gevent_rlock_t *lock, unsigned flags);

// Takes it, once more if the current greenlet holds it; waits for it, in the order in which
// greenlets came, at most `seconds`. With GEVENT_NOWAIT from anywhere. GREENLET_ETIMEDOUT. While it
// waits, gevent_dump says who holds the lock.
int gevent_rlock_acquire(gevent_rlock_t *lock, double seconds);

// Undoes one acquire; after the last, whoever waits goes on once the caller waits. From anywhere.
// GREENLET_ENOTHELD, which says who does hold it. (gevent: RuntimeError)
int gevent_rlock_release(gevent_rlock_t *lock);

// Acquires, and has gevent_cleanup_pop(cleanup, 1) release; so does the end of a task that is
// killed hard. See gevent_semaphore_hold.
int gevent_rlock_hold(gevent_rlock_t *lock, double seconds, gevent_cleanup_t *cleanup);

// Who holds it: borrowed; NULL: nobody. From anywhere.
greenlet_t *gevent_rlock_owner(const gevent_rlock_t *lock);

// ---- private ------------------------------------------------------------------------------------

struct gevent_rlock {
    struct gevent_waiters waiters;
    greenlet_t *owner; // owned
    size_t depth;      // how often the owner has taken it
    unsigned flags;
};

#ifdef __cplusplus
}
#endif
#endif
