// Traces: what was switched to, when, and a number that tells whether two runs went the same way.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_TRACE_H
#define GEVENT_TRACE_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gevent_trace_kind {
    GEVENT_TRACE_SWITCH = 1, // control came to the target with a value
    GEVENT_TRACE_THROW,      // with an error
    GEVENT_TRACE_END         // because the origin has ended, however it did
} gevent_trace_kind_t;

typedef struct gevent_trace_event {
    double time;             // seconds since gevent_trace_start
    uint64_t origin, target; // ids of greenlets (greenlet_id)
    gevent_trace_kind_t kind;
} gevent_trace_event_t;

// Traces every switch of this thread from now on, beside greenlet_set_trace, and keeps the last
// `capacity` of them (0: none, for who wants only the hash). Forgets what was traced before.
// GREENLET_ENOMEM, with nothing changed.
int gevent_trace_start(size_t capacity);
// Traces no more, and gives back the memory; gevent_trace_count and _hash stay as they are.
void gevent_trace_stop(void);

// Reads event after event, from the oldest that is still kept: *position is 0 for the first call
// and left alone afterwards. 0 when there are no more. From anywhere, while tracing goes on too.
int gevent_trace_next(uint64_t *position, gevent_trace_event_t *event);

// How many switches have been traced, whether or not they are kept, and a hash over all of them in
// their order: ids, counted from the start on, kinds, and under the virtual clock times. Two runs
// that went the same way have the same, on whatever host.
uint64_t gevent_trace_count(void);
uint64_t gevent_trace_hash(void);

#ifdef __cplusplus
}
#endif
#endif
