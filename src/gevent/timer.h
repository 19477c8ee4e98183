// Timers: callbacks that the hub makes after some time, once or again and again.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_TIMER_H
#define GEVENT_TIMER_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Lives where the caller puts it, all zero before its first use, for as long as it is pending. The
// calls are for anywhere. (gevent: loop.timer)
typedef struct gevent_timer gevent_timer_t;

// Calls `run(argument)` in the hub after `after` seconds (GEVENT_FOREVER: never, and then it is not
// pending) and then every `repeat` seconds (0: once).
// Time counts from the call, whatever has been computed before it; those with the same deadline are
// called in the order in which they were started. A repeated deadline follows from the one before,
// so that it does not drift; those that were missed are left out. GREENLET_ESTARTED if it is
// pending, GREENLET_EINVAL (no run, or `repeat` is negative), GREENLET_ENOMEM.
int gevent_timer_start(gevent_timer_t *timer, double after, double repeat, gevent_callback_fn run,
                       void *argument);
// Begins anew: the next call is `repeat` seconds from now, whether or not it is pending; stops one
// that does not repeat. GREENLET_EINVAL for one that has never been started.
int gevent_timer_again(gevent_timer_t *timer);
// No call any more, not even one that is due.
void gevent_timer_stop(gevent_timer_t *timer);
// 1 if it will be called, else 0.
int gevent_timer_pending(const gevent_timer_t *timer);

// Whether it keeps the hub going while it is pending (1, as at first) or not (0): for what only
// watches. Returns what was set before. (gevent: watcher.ref)
int gevent_timer_set_counted(gevent_timer_t *timer, int is_counted);

// ---- private ------------------------------------------------------------------------------------

struct gevent_timer {
    struct gevent_timer_node node;
    gevent_callback_fn run;
    void *argument;
    double repeat;
    unsigned char is_pending, is_uncounted;
};

#ifdef __cplusplus
}
#endif
#endif
