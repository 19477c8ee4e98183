// Wait groups: waiting until a number of things is done.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_WAITGROUP_H
#define GEVENT_WAITGROUP_H

#include "event.h"

#ifdef __cplusplus
extern "C" {
#endif

// A count of things to be done. Lives where the caller puts it, for as long as anybody waits for
// it; there is nothing to free. One that is all zero has nothing to do. All but the wait may be
// called from anywhere. (neco: waitgroup; Go: sync.WaitGroup)
typedef struct gevent_waitgroup {
    struct gevent_event emptied; // private, as all of it
    int count;
} gevent_waitgroup_t;

// Makes it one with nothing to do.
void gevent_waitgroup_init(gevent_waitgroup_t *group);

// Adds so many things to be done (or takes away, if negative). At zero all who wait are woken, in
// the order in which they came. GREENLET_EINVAL if there would be less than none, or too many.
int gevent_waitgroup_add(gevent_waitgroup_t *group, int count);

// One is done: gevent_waitgroup_add(group, -1).
int gevent_waitgroup_done(gevent_waitgroup_t *group);

// How many are to be done.
int gevent_waitgroup_count(const gevent_waitgroup_t *group);

// Waits until the count has become zero; not at all if it is. There may be more to do again by the
// time this returns. GREENLET_ETIMEDOUT after `seconds`.
int gevent_waitgroup_wait(gevent_waitgroup_t *group, double seconds);

#ifdef __cplusplus
}
#endif
#endif
