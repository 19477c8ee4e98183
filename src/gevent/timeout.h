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
// The same, but what the pending call then fails with is `error` (the timeout takes a reference of
// its own), and nothing tells that it was this timeout. GREENLET_EINVAL also for no error or one
// that is no failure. (gevent: Timeout(seconds, exception))
int gevent_timeout_start_error(gevent_timeout_t *timeout, double seconds,
                               const greenlet_error_t *error);

// Stops it at the end of its stretch, which went as `code` says: returns GEVENT_EXPIRED, a success,
// if that is a failure by this very timeout, which is then over, as is the last error; else `code`.
//   code = gevent_timeout_end(&timeout, work());
//   if (code == GEVENT_EXPIRED) return use_what_there_is();
// (gevent: with Timeout(seconds, False))
enum { GEVENT_EXPIRED = 2 };
int gevent_timeout_end(gevent_timeout_t *timeout, int code);

// Calls `run(argument, &value)` within such a stretch: returns what it does, or GEVENT_EXPIRED if
// this timeout ended it, and not one within or around it; `value` then keeps what was in it.
//   void *page = last_page;
//   code = gevent_with_timeout(0.5, fetch, url, &page);
// GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: with_timeout, and its timeout_value)
int gevent_with_timeout(double seconds, greenlet_run_fn run, void *argument, void **value);

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
