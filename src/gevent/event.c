// SPDX-License-Identifier: MIT
#include "event_internal.h"

#include "owner.h"

// A waiter's mark is how often the event had been set when it came, one less if it is late: then it
// was set already, but others were still to be told.

void gevent_event_init(gevent_event_t *event) {
    *event = (gevent_event_t){0};
}

// Whether it was set since this one began to wait, which then goes on soon.
static int frees(const gevent_event_t *event, const waiter_t *waiter) {
    return waiter->mark != event->sets;
}

// Those who waited at the last set are the first in the list: it frees them, even if it has been
// cleared since.
static int frees_first(const waiters_t *waiters) {
    const gevent_event_t *event = LIST_ITEM(waiters, const gevent_event_t, waiters);
    return frees(event, waiters_first(waiters));
}

// Tells those who are there now, in time or all. 0 when nobody is left.
static int tell_present(waiters_t *waiters, int tells_late) {
    size_t count = list_length(&waiters->list);
    for (; count > 0 && frees_first(waiters); count--) {
        if (waiters_first(waiters)->is_late && !tells_late) break;
        if (!waiters_tell_first(waiters)) return 0;
    }
    return 1;
}

// Who comes while the late ones are told has to wait for the next pass, so that all have a turn.
static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    if (!tell_present(waiters, 0) || !tell_present(waiters, 1)) return;
    if (frees_first(waiters)) waiters_notify(waiters, tell);
}

static int is_queued(const gevent_event_t *event) {
    return !list_is_empty(&event->waiters.notifier.link);
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

int gevent_event_wait(gevent_event_t *event, double seconds) {
    return event_wait_as("event", event, seconds);
}

// Who comes while others are about to be told goes after them.
int event_wait_as(const char *what, gevent_event_t *event, double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return event->is_set ? GREENLET_OK : greenlet_fail(GREENLET_ENOMEM);
    int is_telling = hub->notifying == &event->waiters;
    int comes_late = event->is_set && (is_telling || is_queued(event));
    if (event->is_set && !comes_late) return GREENLET_OK;
    wait_t wait = {.what = what, .owner = &event->owner};
    waiter_t place = {
        .tell = waiter_resume, .mark = event->sets - (unsigned)comes_late, .is_late = comes_late};
    waiters_add_place(&event->waiters, &place, &wait);
    if (comes_late && is_telling) hub->anybody_is_left = 1;
    return wait_seconds(&wait, seconds);
}

int gevent_event_set_owner(gevent_event_t *event, gevent_task_t *task) {
    return owner_set(&event->owner, task);
}
