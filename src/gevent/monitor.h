// Monitoring: greenlets that keep everybody else waiting.
//
// A greenlet that computes cannot be interrupted, so that it is found out when it goes back to the
// hub, and not before.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_MONITOR_H
#define GEVENT_MONITOR_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Told of a greenlet that has come back to the hub after `seconds`. In the hub, so it must not
// wait; the greenlet is borrowed for the call, and may have ended.
typedef void (*gevent_blocked_fn)(greenlet_t *greenlet, double seconds);

// Reports whoever runs for longer than `seconds` without going back to the hub; GEVENT_FOREVER:
// nobody, as at first. To look costs two readings of the clock each time that somebody runs.
//   hook  NULL: prints a line
// From anywhere. GREENLET_EINVAL (negative), GREENLET_ENOMEM. (gevent: max_blocking_time)
int gevent_set_max_blocking_time(double seconds, gevent_blocked_fn hook);

// A stretch of code of the current greenlet that must not keep others waiting. Lives where the
// caller puts it; whatever function begins a stretch must end it before it returns. (gevent:
// assert_switches)
typedef struct gevent_switch_check gevent_switch_check_t;
void gevent_assert_switches_begin(gevent_switch_check_t *check);
// Ends the stretch. GREENLET_EBLOCKED if the greenlet did not leave at all in it or, where
// `seconds` is not GEVENT_FOREVER, if it ran for longer than that at a time; then only that counts.
int gevent_assert_switches_end(gevent_switch_check_t *check, double seconds);

// ---- private ------------------------------------------------------------------------------------

struct gevent_switch_check {
    struct gevent_link link;
    struct greenlet *greenlet;
    int64_t begin;   // of what it runs at a time
    int64_t longest; // of those that are over
    unsigned char has_left;
};

#ifdef __cplusplus
}
#endif
#endif
