// Condition variables.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>

#include "cancel.h"
#include "deadline.h"
#include "mutex.h"

typedef struct cond {
    clockid_t clock; // NULL: the realtime one
} cond_t;

_Static_assert(sizeof(cond_t) <= sizeof(pthread_cond_t), "there is room");

typedef struct left {
    mutex_t *mutex;
    unsigned depth; // how often it had been taken
} left_t;

static cond_t *cond_of(pthread_cond_t *cond) {
    return (cond_t *)(void *)cond;
}

static void take_back(void *argument) {
    const left_t *left = argument;
    mutex_enter(left->mutex, left->depth);
}

static void signal_another(void *cond) {
    (void)unpark(cond);
}

static int wait_for_signal(cond_t *cond, mutex_t *mutex, double seconds) {
    const parking_t parking = {.what = "pthread_cond_wait", .give_back = signal_another};
    pthread_testcancel();
    left_t left = {mutex, mutex_leave(mutex)};
    int error = park_at_point(cond, &parking, seconds, take_back, &left);
    take_back(&left);
    return error;
}

static int wait_until_time(pthread_cond_t *variable, pthread_mutex_t *locked,
                           const struct timespec *until) {
    double seconds;
    cond_t *cond = cond_of(variable);
    mutex_t *mutex = mutex_of(locked);
    int error = deadline_seconds(cond->clock ? cond->clock : CLOCK_REALTIME, until, &seconds);
    if (!error) error = mutex_check_owner(mutex);
    return error ? error : wait_for_signal(cond, mutex, seconds);
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex) {
    return wait_until_time(cond, mutex, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
    return wait_until_time(cond, mutex, until);
}

int pthread_cond_signal(pthread_cond_t *cond) {
    (void)unpark(cond);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond) {
    unpark_all(cond);
    return 0;
}

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr) {
    *cond_of(cond) = (cond_t){0};
    return attr ? pthread_condattr_getclock(attr, &cond_of(cond)->clock) : 0;
}

int pthread_cond_destroy(pthread_cond_t *cond) {
    return is_anybody_parked(cond) ? EBUSY : 0;
}
