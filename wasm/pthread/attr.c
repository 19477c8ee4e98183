// How a thread is to be made.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>

#include "../../src/context.h"

typedef struct attr {
    size_t stack_size, guard_size;
    void *stack;
    int detach_state, inherits_scheduling;
} attr_t;

_Static_assert(sizeof(attr_t) <= sizeof(pthread_attr_t), "there is room");

static attr_t *attr_of(pthread_attr_t *attr) {
    return (attr_t *)(void *)attr;
}

static const attr_t *const_attr_of(const pthread_attr_t *attr) {
    return (const attr_t *)(const void *)attr;
}

// 0, or EINVAL for what is neither of the two that there are, 0 and 1.
static int set(int *place, int value) {
    if (value != 0 && value != 1) return EINVAL;
    *place = value;
    return 0;
}

int pthread_attr_init(pthread_attr_t *attr) {
    *attr_of(attr) = (attr_t){.stack_size = context_default_size()};
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr) {
    (void)attr;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state) {
    return set(&attr_of(attr)->detach_state, state);
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state) {
    *state = const_attr_of(attr)->detach_state;
    return 0;
}

// ---- stacks -------------------------------------------------------------------------------------

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size) {
    if (size < PTHREAD_STACK_MIN) return EINVAL;
    attr_of(attr)->stack_size = size;
    return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size) {
    *size = const_attr_of(attr)->stack_size;
    return 0;
}

// A greenlet's stack is its own: only the size counts.
int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size) {
    int error = pthread_attr_setstacksize(attr, size);
    if (!error) attr_of(attr)->stack = stack;
    return error;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack,
                          size_t *restrict size) {
    *stack = const_attr_of(attr)->stack;
    return pthread_attr_getstacksize(attr, size);
}

// The stack check needs none.
int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size) {
    attr_of(attr)->guard_size = size;
    return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size) {
    *size = const_attr_of(attr)->guard_size;
    return 0;
}

// ---- scheduling: there is one way ---------------------------------------------------------------

int pthread_attr_setscope(pthread_attr_t *attr, int scope) {
    (void)attr;
    if (scope == PTHREAD_SCOPE_SYSTEM) return 0;
    return scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

int pthread_attr_getscope(const pthread_attr_t *restrict attr, int *restrict scope) {
    (void)attr;
    *scope = PTHREAD_SCOPE_SYSTEM;
    return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherits) {
    return set(&attr_of(attr)->inherits_scheduling, inherits);
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherits) {
    *inherits = const_attr_of(attr)->inherits_scheduling;
    return 0;
}
