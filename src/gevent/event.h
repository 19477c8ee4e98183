// Events: a flag that greenlets wait for.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_EVENT_H
#define GEVENT_EVENT_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// A flag that greenlets wait for. Lives where the caller puts it, for as long as anybody waits for
// it; there is nothing to free. All but the wait may be called from anywhere. (gevent: Event)
typedef struct gevent_event {
    struct gevent_waiters waiters;
    int is_set;
    unsigned sets;
    struct gevent_owner owner;
} gevent_event_t;

// Makes it one that is not set; so is one that is all zero.
void gevent_event_init(gevent_event_t *event);
// Wakes all who wait, in the order in which they came; the caller goes on first.
void gevent_event_set(gevent_event_t *event);
// Who has been woken already stays so.
void gevent_event_clear(gevent_event_t *event);
int gevent_event_is_set(const gevent_event_t *event);
// Waits until it is set; not at all if it is, unless others are about to be woken, who go first.
// GREENLET_ETIMEDOUT after `seconds`. It may have been
// cleared again by the time this returns.
int gevent_event_wait(gevent_event_t *event, double seconds);

// Promises that nobody but `task` will set it, and that before it has finished (NULL: takes the
// promise back). The task is not kept. Who waits is then shown in gevent_dump with the task, and
// found by gevent_find_stuck when the task cannot set it any more; all else goes on as without.
// GREENLET_ENOMEM. (ours)
int gevent_event_set_owner(gevent_event_t *event, gevent_task_t *task);

#ifdef __cplusplus
}
#endif
#endif
