// Timeouts: a limit, with an identity, on how long a stretch of code may wait.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_TIMEOUT_H
#define GEVENT_TIMEOUT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// A time limit for a stretch of code of the greenlet that starts it, wherever it waits meanwhile.
// When it expires, the pending call fails with GREENLET_EEXPIRED. Lives where the caller puts it;
// its address is what tells it from others. All calls are for the greenlet that started it.
// (gevent: Timeout)
typedef struct gevent_timeout gevent_timeout_t;

// Starts the clock. GEVENT_FOREVER never expires; 0 or less expires when the greenlet next waits
// for longer than a yield. GREENLET_ESTARTED if it is pending, GREENLET_ENOMEM, GREENLET_EINVAL.
int gevent_timeout_start(gevent_timeout_t *timeout, double seconds);
// Stops it. No error, and no effect, when it is not pending. One that is left pending goes on until
// it expires or its greenlet ends.
void gevent_timeout_cancel(gevent_timeout_t *timeout);
// 1 from the start until it is delivered or cancelled, else 0.
int gevent_timeout_pending(const gevent_timeout_t *timeout);
// 1 if it is this timeout, not an outer or inner one, that the current greenlet's last error is of.
int gevent_timed_out_by(const gevent_timeout_t *timeout);

struct gevent_timeout {
    char address;
};

#ifdef __cplusplus
}
#endif
#endif
