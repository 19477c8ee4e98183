// Barriers: a number of greenlets that wait for each other.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_BARRIER_H
#define GEVENT_BARRIER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// A point that greenlets pass together, round after round, once a given number of them (its
// parties) is there. One that fails to come through, as it is killed or timed out, breaks it for
// all: nobody waits for a party that is gone. Lives where the caller puts it, for as long as
// anybody waits at it; there is nothing to free. (threading: Barrier)
typedef struct gevent_barrier gevent_barrier_t;

// Makes it one for so many. GREENLET_EINVAL if that is less than one.
int gevent_barrier_init(gevent_barrier_t *barrier, int parties);

// Waits until all parties have come; the last does not wait, and the others go on once it does.
//   index  gets how many had come before in this round, a different number for each; may be NULL
// GREENLET_EBROKEN if it is broken, or is while this waits. GREENLET_ETIMEDOUT after `seconds`: it
// is broken then, as by any other error that ends the wait.
int gevent_barrier_wait(gevent_barrier_t *barrier, double seconds, int *index);

// Breaks it: all who wait fail with GREENLET_EBROKEN, and whoever comes until it is reset. From
// anywhere.
void gevent_barrier_abort(gevent_barrier_t *barrier);

// Makes it whole, for a new round; all who wait fail with GREENLET_EBROKEN. From anywhere.
void gevent_barrier_reset(gevent_barrier_t *barrier);

// Whether it is broken; how many wait for the others. From anywhere.
int gevent_barrier_is_broken(const gevent_barrier_t *barrier);
int gevent_barrier_waiting(const gevent_barrier_t *barrier);

// ---- private ------------------------------------------------------------------------------------

struct gevent_barrier {
    struct gevent_waiters waiters;
    int parties, arrived; // arrived: in this round
    int is_broken;
};

#ifdef __cplusplus
}
#endif
#endif
