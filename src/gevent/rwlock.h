// Locks that many may hold to read, or one to write.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_RWLOCK_H
#define GEVENT_RWLOCK_H

#include "cleanup.h"

#ifdef __cplusplus
extern "C" {
#endif

// A lock that many greenlets may hold to read, or one to write. Strictly first come, first served:
// who comes while others wait goes behind them, so that a stream of readers cannot keep a writer
// away, nor writers a reader. Hence it is not recursive: a reader that asks again while a writer
// waits would wait for itself. Lives where the caller puts it, for as long as anybody holds it or
// waits for it; there is nothing to free. One that is all zero is free. (neco: rwlock)
typedef struct gevent_rwlock gevent_rwlock_t;

// Makes it one that is free.
void gevent_rwlock_init(gevent_rwlock_t *lock);

// Takes it to read, or to write; waits for it at most `seconds`. With GEVENT_NOWAIT from anywhere.
// GREENLET_ETIMEDOUT; GREENLET_EDEADLK at once for the greenlet that holds it to write, if it would
// wait for ever.
int gevent_rwlock_acquire_read(gevent_rwlock_t *lock, double seconds);
int gevent_rwlock_acquire_write(gevent_rwlock_t *lock, double seconds);

// Gives it back; who waits goes on once the caller waits. From anywhere. GREENLET_ENOTHELD if
// nobody holds it to read, or the current greenlet does not hold it to write.
int gevent_rwlock_release_read(gevent_rwlock_t *lock);
int gevent_rwlock_release_write(gevent_rwlock_t *lock);

// Acquire, and have gevent_cleanup_pop(cleanup, 1) release; so does the end of a task that is
// killed hard. See gevent_semaphore_hold.
int gevent_rwlock_hold_read(gevent_rwlock_t *lock, double seconds, gevent_cleanup_t *cleanup);
int gevent_rwlock_hold_write(gevent_rwlock_t *lock, double seconds, gevent_cleanup_t *cleanup);

// ---- private ------------------------------------------------------------------------------------

struct gevent_rwlock {
    struct gevent_waiters waiters;
    greenlet_t *writer; // owned; NULL: nobody writes
    size_t readers;
};

#ifdef __cplusplus
}
#endif
#endif
