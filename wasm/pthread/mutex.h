// A mutex, as what waits with one knows it.
#ifndef GREENLET_PTHREAD_MUTEX_H
#define GREENLET_PTHREAD_MUTEX_H

#include <pthread.h>

#include "../../src/gevent.h"

typedef struct mutex {
    int type;
    unsigned depth;    // how often its owner has taken it
    greenlet_t *owner; // owned; NULL: it is free
} mutex_t;

// libc's type, of which no more than this is used; all zero is a free one of the normal type.
mutex_t *mutex_of(pthread_mutex_t *mutex);

// Whether unlocking is forbidden: 0 or EPERM.
int mutex_check_owner(const mutex_t *mutex);

// Gives it up altogether, and returns how often it had been taken; takes it as often again,
// whatever happens meanwhile, unless nothing may wait any more.
unsigned mutex_leave(mutex_t *mutex);
void mutex_enter(mutex_t *mutex, unsigned depth);

#endif
