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

// Monotonic seconds from an arbitrary start; virtual ones under the virtual clock. From anywhere.
double gevent_now(void);

// From here on time stands still while anybody can run and jumps to the next deadline when nobody
// can. Before the first call that waits; GREENLET_ESTARTED after. (trio: MockClock; ours)
int gevent_use_virtual_clock(void);

#ifdef __cplusplus
}
#endif
#endif
