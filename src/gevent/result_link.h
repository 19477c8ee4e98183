// Links of results: what is called when one is settled.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_RESULT_LINK_H
#define GEVENT_RESULT_LINK_H

#include "result.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a link calls, with the result (borrowed for the call) and its own argument. A negative code
// is a failure, which is told to the unhandled hook and keeps nobody else from being called.
typedef int (*gevent_result_link_fn)(gevent_result_t *result, void *argument);

// Calls `run(result, argument)` once, in the hub, where nothing can wait (GREENLET_EHUB), when the
// result is settled; through the queue, and for one that is settled already, soon. Links and those
// who wait are told in the order in which they came. Links of a result that goes unsettled are
// dropped. From anywhere. GREENLET_EINVAL (no result, no run), GREENLET_ENOMEM. (gevent: rawlink)
int gevent_result_rawlink(gevent_result_t *result, gevent_result_link_fn run, void *argument);

// Takes out the first link that has both and has not been called. Returns 1, or 0 if there is none.
// From anywhere. (gevent: unlink)
int gevent_result_unlink(gevent_result_t *result, gevent_result_link_fn run, const void *argument);

#ifdef __cplusplus
}
#endif
#endif
