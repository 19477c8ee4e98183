// Select: to do the first of several things that can be done; and to wait for several.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SELECT_H
#define GEVENT_SELECT_H

#include "case.h"
#include "cleanup.h"

#ifdef __cplusplus
extern "C" {
#endif

// Does one of the cases, and no other: of those that are ready the first in the array, else the
// first to become so. Returns its index; its code and value are in it.
//   seconds  GEVENT_NOWAIT: does not wait at all, and may be called from anywhere
// GREENLET_ETIMEDOUT if nothing could be done; GREENLET_EINVAL (no cases but a count); the errors
// of a wait, and then nothing has been done. (libdill: choose; go: select)
int gevent_select(gevent_case_t *cases, size_t count, double seconds);

// With a seed, this thread's selects choose at random among the cases that are ready, the same way
// each time for the same seed and on every machine. 0: the first in the array, as it is by default.
// From anywhere. (go: select)
void gevent_set_select_seed(uint64_t seed);

// Waits until `wanted` of the cases are ready (all, if there are not that many), without doing any:
// nothing is got, put or acquired. Returns how many are, which is fewer only after `seconds`.
//   order  gets their indices, in the order in which they became ready; room for `wanted`, or NULL
// (gevent: wait)
int gevent_wait(gevent_case_t *cases, size_t count, size_t wanted, double seconds, size_t *order);

// The same, one at a time, in that order. Lives where the caller puts it, from begin to end; so do
// the cases.
//   gevent_iwait_t iwait;
//   size_t i;
//   gevent_iwait_begin(&iwait, cases, count, GEVENT_FOREVER);
//   while (gevent_iwait_next(&iwait, &i) == GREENLET_OK) …
//   gevent_iwait_end(&iwait);
// (gevent: iwait)
typedef struct gevent_iwait gevent_iwait_t;

// Starts listening to the cases. `seconds` are for the whole of it. All calls are for the current
// greenlet. GREENLET_EINVAL (no iwait, or no cases but a count), GREENLET_ENOMEM.
int gevent_iwait_begin(gevent_iwait_t *iwait, gevent_case_t *cases, size_t count, double seconds);
// Waits for the next one, unless it was ready before. GEVENT_IWAIT_DONE after the last;
// GREENLET_ETIMEDOUT when the time is over. After any failure it can be called again.
enum { GEVENT_IWAIT_DONE = 2 };
int gevent_iwait_next(gevent_iwait_t *iwait, size_t *index);
// Stops listening. To be called after every begin that succeeded; a hard kill does.
void gevent_iwait_end(gevent_iwait_t *iwait);

// ---- private ------------------------------------------------------------------------------------

struct gevent_iwait {
    gevent_case_t *cases;
    size_t count, left, timers;
    struct gevent_link told;
    struct wait *waiting;
    gevent_cleanup_t cleanup;
    int64_t deadline;
};

#ifdef __cplusplus
}
#endif
#endif
