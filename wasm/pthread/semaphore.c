// Semaphores without a name.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>

#include "cancel.h"
#include "deadline.h"

static int fail(int error) {
    errno = error;
    return -1;
}

static volatile int *value_of(sem_t *semaphore) {
    return &semaphore->__val[0];
}

int sem_init(sem_t *semaphore, int shared, unsigned value) {
    (void)shared;
    if (value > SEM_VALUE_MAX) return fail(EINVAL);
    *value_of(semaphore) = (int)value;
    return 0;
}

int sem_destroy(sem_t *semaphore) {
    return is_anybody_parked(semaphore) ? fail(EBUSY) : 0;
}

int sem_getvalue(sem_t *restrict semaphore, int *restrict value) {
    *value = *value_of(semaphore);
    return 0;
}

// Who waits gets it at once, and its value stays 0.
int sem_post(sem_t *semaphore) {
    if (*value_of(semaphore) == SEM_VALUE_MAX) return fail(EOVERFLOW);
    if (!unpark(semaphore)) ++*value_of(semaphore);
    return 0;
}

static void post_again(void *semaphore) {
    (void)sem_post(semaphore);
}

int sem_trywait(sem_t *semaphore) {
    if (*value_of(semaphore) == 0) return fail(EAGAIN);
    --*value_of(semaphore);
    return 0;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until) {
    const parking_t parking = {.what = "sem_wait", .give_back = post_again};
    double seconds;
    pthread_testcancel();
    if (*value_of(semaphore) > 0) return sem_trywait(semaphore);
    int error = deadline_seconds(CLOCK_REALTIME, until, &seconds);
    if (!error) error = park_at_point(semaphore, &parking, seconds, NULL, NULL);
    return error ? fail(error) : 0;
}

int sem_wait(sem_t *semaphore) {
    return sem_timedwait(semaphore, NULL);
}
