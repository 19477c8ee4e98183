// How mutexes and their like are to be made. Processes share nothing, so that it makes no
// difference whether they were to share an object.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <pthread.h>

// 0, or EINVAL for what is neither of the two that there are, 0 and 1.
static int set(unsigned *place, unsigned shift, int value) {
    if (value != 0 && value != 1) return EINVAL;
    *place = (*place & ~(1u << shift)) | (unsigned)value << shift;
    return 0;
}

static int get(unsigned from, unsigned shift, int *value) {
    *value = from >> shift & 1;
    return 0;
}

enum { SHARED, MONOTONIC }; // bits
enum { TYPE_SHIFT = 1 };

// ---- mutexes ------------------------------------------------------------------------------------

int pthread_mutexattr_init(pthread_mutexattr_t *attr) {
    *attr = (pthread_mutexattr_t){0};
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type) {
    if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK) return EINVAL;
    attr->__attr = (attr->__attr & 1u << SHARED) | (unsigned)type << TYPE_SHIFT;
    return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr, int *restrict type) {
    *type = (int)(attr->__attr >> TYPE_SHIFT);
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared) {
    return set(&attr->__attr, SHARED, shared);
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr, int *restrict shared) {
    return get(attr->__attr, SHARED, shared);
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust) {
    (void)attr;
    if (robust == PTHREAD_MUTEX_STALLED) return 0;
    return robust == PTHREAD_MUTEX_ROBUST ? ENOTSUP : EINVAL;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attr, int *restrict robust) {
    (void)attr;
    *robust = PTHREAD_MUTEX_STALLED;
    return 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol) {
    (void)attr;
    if (protocol == PTHREAD_PRIO_NONE) return 0;
    return protocol == PTHREAD_PRIO_INHERIT || protocol == PTHREAD_PRIO_PROTECT ? ENOTSUP : EINVAL;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr,
                                  int *restrict protocol) {
    (void)attr;
    *protocol = PTHREAD_PRIO_NONE;
    return 0;
}

// ---- condition variables ------------------------------------------------------------------------

int pthread_condattr_init(pthread_condattr_t *attr) {
    *attr = (pthread_condattr_t){0};
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock) {
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return EINVAL;
    return set(&attr->__attr, MONOTONIC, clock == CLOCK_MONOTONIC);
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock) {
    *clock = attr->__attr >> MONOTONIC & 1 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared) {
    return set(&attr->__attr, SHARED, shared);
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared) {
    return get(attr->__attr, SHARED, shared);
}

// ---- locks and barriers -------------------------------------------------------------------------

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr) {
    *attr = (pthread_rwlockattr_t){0};
    return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared) {
    return set(&attr->__attr[0], SHARED, shared);
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr, int *restrict shared) {
    return get(attr->__attr[0], SHARED, shared);
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr) {
    *attr = (pthread_barrierattr_t){0};
    return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared) {
    return set(&attr->__attr, SHARED, shared);
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attr,
                                   int *restrict shared) {
    return get(attr->__attr, SHARED, shared);
}
