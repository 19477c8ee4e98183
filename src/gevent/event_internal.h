// The owner of an event, for who looks at waits.
#ifndef GREENLET_EVENT_INTERNAL_H
#define GREENLET_EVENT_INTERNAL_H

#include "event.h"
#include "waiters.h"

// Borrowed; NULL: it has none, or one that is gone.
const greenlet_t *event_owner(const gevent_event_t *event);
// Whether it has an owner that has finished.
int event_is_abandoned(const gevent_event_t *event);
// Whether it was set since this one began to wait, which then goes on soon.
int event_frees(const gevent_event_t *event, const waiter_t *waiter);

#endif
