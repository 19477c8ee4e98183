// Locks that many may hold to read, or one to write. Who writes waits until nobody reads, and keeps
// no reader away meanwhile: so a reader may take it again.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <pthread.h>

#include "deadline.h"
#include "park.h"

typedef struct rwlock {
    greenlet_t *writer; // owned
    unsigned readers;
} rwlock_t;

_Static_assert(sizeof(rwlock_t) <= sizeof(pthread_rwlock_t), "there is room");

static rwlock_t *rwlock_of(pthread_rwlock_t *lock) {
    return (rwlock_t *)(void *)lock;
}

// ---- taking it ----------------------------------------------------------------------------------

static int try_read(rwlock_t *lock) {
    if (lock->writer) return EBUSY;
    lock->readers++;
    return 0;
}

static int try_write(rwlock_t *lock) {
    if (lock->writer || lock->readers > 0) return EBUSY;
    lock->writer = greenlet_ref(greenlet_current());
    return 0;
}

static int take(rwlock_t *lock, int (*try)(rwlock_t *), const struct timespec *until,
                const char *what) {
    double seconds;
    const parking_t parking = {.what = what, .holder = &lock->writer};
    int error = try(lock);
    while (error == EBUSY) {
        if (lock->writer == greenlet_current()) return EDEADLK;
        error = deadline_seconds(CLOCK_REALTIME, until, &seconds);
        if (!error) error = park(lock, &parking, seconds);
        if (!error) error = try(lock);
    }
    return error;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    return take(rwlock_of(lock), try_read, NULL, "pthread_rwlock_rdlock");
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until) {
    return take(rwlock_of(lock), try_read, until, "pthread_rwlock_timedrdlock");
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
    return try_read(rwlock_of(lock));
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    return take(rwlock_of(lock), try_write, NULL, "pthread_rwlock_wrlock");
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock,
                               const struct timespec *restrict until) {
    return take(rwlock_of(lock), try_write, until, "pthread_rwlock_timedwrlock");
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
    return try_write(rwlock_of(lock));
}

// ---- giving it back -----------------------------------------------------------------------------

static int stop_writing(rwlock_t *lock) {
    if (lock->writer != greenlet_current()) return EPERM;
    greenlet_unref(lock->writer);
    lock->writer = NULL;
    return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *held) {
    rwlock_t *lock = rwlock_of(held);
    if (!lock->writer && lock->readers == 0) return EPERM;
    if (!lock->writer)
        lock->readers--;
    else if (stop_writing(lock) != 0)
        return EPERM;
    if (lock->readers == 0) unpark_all(lock);
    return 0;
}

// ---- making -------------------------------------------------------------------------------------

int pthread_rwlock_init(pthread_rwlock_t *restrict lock,
                        const pthread_rwlockattr_t *restrict attr) {
    (void)attr; // processes share nothing
    *rwlock_of(lock) = (rwlock_t){0};
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *held) {
    const rwlock_t *lock = rwlock_of(held);
    return lock->writer || lock->readers > 0 ? EBUSY : 0;
}
