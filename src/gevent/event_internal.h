// Waits for an event that are not called so, and its owner, for who looks at waits.
#ifndef GREENLET_EVENT_INTERNAL_H
#define GREENLET_EVENT_INTERNAL_H

#include "event.h"
#include "waiters.h"

// gevent_event_wait, in reports by the name of what the event is a part of.
int event_wait_as(const char *what, gevent_event_t *event, double seconds);

// Borrowed; NULL: it has none, or one that is gone.
const greenlet_t *event_owner(const gevent_event_t *event);
// Whether it has an owner that has finished.
int event_is_abandoned(const gevent_event_t *event);
// Whether it was set since this one began to wait, which then goes on soon.
int event_frees(const gevent_event_t *event, const waiter_t *waiter);

#endif
