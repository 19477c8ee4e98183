// Time: to sleep, to let others go first, and what time it is.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CLOCK_H
#define GEVENT_CLOCK_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Waits at least that long. 0 or less, and gevent_yield: lets everybody else who is ready go first.
// (gevent: sleep)
int gevent_sleep(double seconds);
int gevent_yield(void);

// Waits until nobody is ready and no timer is due; those who wait for that go on one by one. For
// work that can be done later. (gevent: idle)
int gevent_idle(void);

// For code that computes long: yields if the slice is over since the hub last let anybody run, or
// if the hub is to look at what comes from outside; where it could not yield it goes on. It looks
// at the clock as seldom as it can, so that it may be called often. Errors are those of
// gevent_yield.
int gevent_maybe_yield(void);
// Sets the slice: how long the ready ones run before the hub looks at what comes from outside; at
// first 5 ms. In JavaScript it is for gevent_maybe_yield only; how long a pass takes is an option
// of `load`. From anywhere. GREENLET_EINVAL (negative), GREENLET_ENOMEM. (gevent:
// sys.setswitchinterval)
int gevent_set_slice(double seconds);

// Monotonic seconds from an arbitrary start; virtual ones under the virtual clock. From anywhere.
double gevent_now(void);

// From here on time stands still while anybody can run and jumps to the next deadline when nobody
// can. Before the first call that waits; GREENLET_ESTARTED after. (trio: MockClock; ours)
int gevent_use_virtual_clock(void);
// Turns the virtual clock forward, as if the caller had computed for that long. From anywhere.
// GREENLET_EINVAL (another clock, or `seconds` is negative or for ever), GREENLET_ENOMEM. (trio:
// MockClock.jump)
int gevent_advance_clock(double seconds);

#ifdef __cplusplus
}
#endif
#endif
