// Waits for an event that are not called so.
#ifndef GREENLET_EVENT_INTERNAL_H
#define GREENLET_EVENT_INTERNAL_H

#include "event.h"

// gevent_event_wait, in reports by the name of what the event is a part of.
int event_wait_as(const char *what, gevent_event_t *event, double seconds);

#endif
