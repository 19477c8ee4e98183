// SPDX-License-Identifier: MIT
#include "event.h"

#include "waiters.h"

typedef struct event_waiter {
    waiter_t waiter;
    unsigned sets; // how often it had been set when the wait began
} event_waiter_t;

void gevent_event_init(gevent_event_t *event) {
    *event = (gevent_event_t){0};
}

// Those who waited at the last set are the first in the list: it frees them, even if it has been
// cleared since.
static int frees_first(const waiters_t *waiters) {
    const gevent_event_t *event = LIST_ITEM(waiters, const gevent_event_t, waiters);
    return LIST_ITEM(waiters->list.next, const event_waiter_t, waiter.link)->sets != event->sets;
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    while (frees_first(waiters) && waiters_tell_first(waiters)) continue;
}

void gevent_event_set(gevent_event_t *event) {
    event->is_set = 1;
    event->sets++;
    waiters_notify(&event->waiters, tell);
}

void gevent_event_clear(gevent_event_t *event) {
    event->is_set = 0;
}

int gevent_event_is_set(const gevent_event_t *event) {
    return event->is_set;
}

// Who comes while others are about to be told goes after them.
int gevent_event_wait(gevent_event_t *event, double seconds) {
    int comes_late = event->is_set && !list_is_empty(&event->waiters.notifier.link);
    if (event->is_set && !comes_late) return GREENLET_OK;
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    wait_t wait = {.what = "event"};
    event_waiter_t place = {.waiter.tell = waiter_resume,
                            .sets = event->sets - (unsigned)comes_late};
    waiters_add_place(&event->waiters, &place.waiter, &wait);
    return wait_seconds(&wait, seconds);
}
