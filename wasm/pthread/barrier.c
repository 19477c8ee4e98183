// Barriers.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <pthread.h>

#include "park.h"

typedef struct barrier {
    unsigned parties, arrived, round;
} barrier_t;

_Static_assert(sizeof(barrier_t) <= sizeof(pthread_barrier_t), "there is room");

static barrier_t *barrier_of(pthread_barrier_t *barrier) {
    return (barrier_t *)(void *)barrier;
}

int pthread_barrier_init(pthread_barrier_t *restrict barrier,
                         const pthread_barrierattr_t *restrict attr, unsigned parties) {
    (void)attr; // processes share nothing
    if (parties == 0) return EINVAL;
    *barrier_of(barrier) = (barrier_t){.parties = parties};
    return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier) {
    return barrier_of(barrier)->arrived > 0 ? EBUSY : 0;
}

static int wait_for_others(barrier_t *barrier) {
    const parking_t parking = {.what = "pthread_barrier_wait"};
    unsigned round = barrier->round;
    int error = 0;
    while (!error && barrier->round == round) error = park(barrier, &parking, GEVENT_FOREVER);
    if (error && barrier->round == round) barrier->arrived--;
    return error;
}

int pthread_barrier_wait(pthread_barrier_t *at) {
    barrier_t *barrier = barrier_of(at);
    if (++barrier->arrived < barrier->parties) return wait_for_others(barrier);
    barrier->arrived = 0;
    barrier->round++;
    unpark_all(barrier);
    return PTHREAD_BARRIER_SERIAL_THREAD;
}
