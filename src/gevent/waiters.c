// SPDX-License-Identifier: MIT
#include "waiters.h"

int waiters_are_none(const waiters_t *waiters) {
    return list_is_empty(&waiters->list);
}

waiter_t *waiters_first(const waiters_t *waiters) {
    return LIST_ITEM(waiters->list.next, waiter_t, link);
}

void waiters_add(waiters_t *waiters, waiter_t *waiter) {
    if (!waiters->list.next) list_init(&waiters->list);
    list_append(&waiters->list, &waiter->link);
    waiter->waiters = waiters;
}

void waiters_add_place(waiters_t *waiters, waiter_t *waiter, wait_t *wait) {
    waiter->wait = wait;
    waiter->next_place = wait->places;
    wait->places = waiter;
    waiters_add(waiters, waiter);
}

void waiters_remove(waiter_t *waiter) {
    waiters_t *waiters = waiter->waiters;
    if (!waiters) return;
    list_remove(&waiter->link);
    waiter->waiters = NULL;
    if (!waiters_are_none(waiters)) return;
    hub_cancel_call(&waiters->notifier);
    hub_t *hub = hub_get();
    if (hub->notifying == waiters) hub->anybody_is_left = 0;
    if (waiters->emptied) waiters->emptied(waiters);
}

void waiters_notify(waiters_t *waiters, void (*notifier)(callback_t *callback)) {
    if (waiters_are_none(waiters)) return;
    waiters->notifier.run = notifier;
    hub_call(hub_get(), &waiters->notifier);
}

void waiters_notify_next(waiters_t *waiters, void (*notifier)(callback_t *callback)) {
    if (waiters_are_none(waiters)) return;
    waiters->notifier.run = notifier;
    hub_call_next(hub_get(), &waiters->notifier);
}

waiters_t *waiters_of(callback_t *notifier) {
    return LIST_ITEM(notifier, waiters_t, notifier);
}

int waiters_tell_first(waiters_t *waiters) {
    hub_t *hub = hub_get();
    waiter_t *waiter = waiters_first(waiters);
    hub->notifying = waiters;
    hub->anybody_is_left = 1;
    waiters_remove(waiter);
    waiter->tell(waiter);
    hub->notifying = NULL;
    return hub->anybody_is_left;
}

void waiters_tell_all(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    while (waiters_tell_first(waiters)) continue;
}

void waiter_resume(waiter_t *waiter) {
    wait_resume(waiter->wait);
}

int waiters_wait(waiters_t *waiters, wait_t *wait, double seconds) {
    waiter_t place = {.tell = waiter_resume};
    waiters_add_place(waiters, &place, wait);
    return wait_seconds(wait, seconds);
}
