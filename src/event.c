// SPDX-License-Identifier: MIT
#include "hub.h"

void gevent_event_init(gevent_event_t *event) {
    *event = (gevent_event_t){0};
    list_init(&event->waiters);
}

// Those who wait now are woken, even if it is cleared before they run; later ones are not.
void gevent_event_set(gevent_event_t *event) {
    event->is_set = 1;
    if (!list_is_empty(&event->waiters)) hub_wake_all(hub_get(), &event->waiters);
}

void gevent_event_clear(gevent_event_t *event) {
    event->is_set = 0;
}

int gevent_event_is_set(const gevent_event_t *event) {
    return event->is_set;
}

int gevent_event_wait(gevent_event_t *event, double seconds) {
    if (event->is_set) return GREENLET_OK;
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "event"};
    list_append(&event->waiters, &wait.link);
    return hub_wait_seconds(hub, &wait, seconds);
}
