// Mutexes. One that is unlocked belongs at once to who has waited longest, so that a thread which
// takes it again and again keeps nobody out.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include "mutex.h"

#include <errno.h>
#include <limits.h>

#include "deadline.h"
#include "park.h"

_Static_assert(sizeof(mutex_t) <= sizeof(pthread_mutex_t), "there is room");

mutex_t *mutex_of(pthread_mutex_t *mutex) {
    return (mutex_t *)(void *)mutex;
}

// ---- owners -------------------------------------------------------------------------------------

static void own(mutex_t *mutex, greenlet_t *owner) {
    mutex->owner = greenlet_ref(owner);
    mutex->depth = 1;
}

static void pass_on(mutex_t *mutex) {
    greenlet_t *before = mutex->owner;
    greenlet_t *next = unpark(mutex);
    own(mutex, next);
    greenlet_unref(before);
}

static void give_back(void *mutex) {
    pass_on(mutex);
}

int mutex_check_owner(const mutex_t *mutex) {
    int is_checked = mutex->type != PTHREAD_MUTEX_NORMAL;
    return is_checked && mutex->owner != greenlet_current() ? EPERM : 0;
}

unsigned mutex_leave(mutex_t *mutex) {
    unsigned depth = mutex->depth;
    pass_on(mutex);
    return depth;
}

// ---- locking ------------------------------------------------------------------------------------

static int wait_for(mutex_t *mutex, double seconds, int insists) {
    const parking_t parking = {.what = "pthread_mutex_lock",
                               .holder = &mutex->owner,
                               .insists = insists,
                               .give_back = give_back};
    return park(mutex, &parking, seconds);
}

void mutex_enter(mutex_t *mutex, unsigned depth) {
    int error = 0;
    if (!mutex->owner)
        own(mutex, greenlet_current());
    else
        do error = wait_for(mutex, GEVENT_FOREVER, 1);
        while (error == ECANCELED);
    if (!error) mutex->depth = depth;
}

// 0, EBUSY where it would have to be waited for, or another error.
static int try_lock(mutex_t *mutex) {
    if (!mutex->owner) {
        own(mutex, greenlet_current());
        return 0;
    }
    if (mutex->owner != greenlet_current() || mutex->type != PTHREAD_MUTEX_RECURSIVE) return EBUSY;
    if (mutex->depth == UINT_MAX) return EAGAIN;
    mutex->depth++;
    return 0;
}

static int lock(mutex_t *mutex, const struct timespec *until) {
    double seconds;
    int error = try_lock(mutex);
    if (error != EBUSY) return error;
    if (mutex->type == PTHREAD_MUTEX_ERRORCHECK && mutex->owner == greenlet_current())
        return EDEADLK;
    error = deadline_seconds(CLOCK_REALTIME, until, &seconds);
    return error ? error : wait_for(mutex, seconds, 0);
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
    return lock(mutex_of(mutex), NULL);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex,
                            const struct timespec *restrict until) {
    return lock(mutex_of(mutex), until);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    return try_lock(mutex_of(mutex));
}

int pthread_mutex_unlock(pthread_mutex_t *locked) {
    mutex_t *mutex = mutex_of(locked);
    int error = mutex_check_owner(mutex);
    if (error) return error;
    if (mutex->depth > 1)
        mutex->depth--;
    else
        pass_on(mutex);
    return 0;
}

// ---- making -------------------------------------------------------------------------------------

int pthread_mutex_init(pthread_mutex_t *restrict result, const pthread_mutexattr_t *restrict attr) {
    int type = PTHREAD_MUTEX_DEFAULT;
    if (attr) (void)pthread_mutexattr_gettype(attr, &type);
    *mutex_of(result) = (mutex_t){.type = type};
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    return mutex_of(mutex)->owner ? EBUSY : 0;
}
