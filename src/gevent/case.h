// Cases: what gevent_select, gevent_wait and gevent_iwait choose from.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CASE_H
#define GEVENT_CASE_H

#include "event.h"
#include "result.h"
#include "semaphore.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// Something that can be done, or happen, now or later; gevent_queue_get_case and others make one.
// An array of them lives where the caller puts it, and its objects (of those that are counted, a
// reference), for as long as the call that it is given to. All that is zero is a case that never
// happens.
//   code   once a select has chosen it: GREENLET_OK, or the code with which the call itself would
//          have failed; that is then the last error, too
//   value  once a select has chosen it: what was got. For a put: the item
typedef struct gevent_case {
    int code;
    void *value;
    // private
    const struct gevent_source *source;
    void *object;
    struct gevent_waiter place;
    struct gevent_iwait *iwait;
    int64_t when;
    unsigned char is_told, is_settled;
} gevent_case_t;

// The event is set.
gevent_case_t gevent_event_case(gevent_event_t *event);
// The task has finished. As gevent_get: `value` is its value, `code` the code of its error.
gevent_case_t gevent_task_case(gevent_task_t *task);
// The result is settled. Fails with its error; `value` is its pointer, NULL for one of another
// type.
gevent_case_t gevent_result_case(gevent_result_t *result);
// The semaphore has a permit, which a select takes. A fair one as at gevent_semaphore_acquire.
gevent_case_t gevent_semaphore_case(gevent_semaphore_t *semaphore);
// So many seconds have gone by since this call. Such a case can be used again and again until then.
gevent_case_t gevent_timer_case(double seconds);
// Never. For a place in an array that is out of use.
gevent_case_t gevent_never_case(void);

#ifdef __cplusplus
}
#endif
#endif
