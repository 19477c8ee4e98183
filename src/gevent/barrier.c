// SPDX-License-Identifier: MIT
#include "barrier.h"

#include "waiters.h"

// Who has come. Those whose round is over are the first in the list, and are about to be told.
typedef struct party {
    waiter_t waiter;
    wait_t wait;
    gevent_barrier_t *barrier;
    int is_over;
    int outcome; // of the round: GREENLET_OK or GREENLET_EBROKEN
} party_t;

static party_t *party_of(list_t *link) {
    return LIST_ITEM(link, party_t, waiter.link);
}

int gevent_barrier_init(gevent_barrier_t *barrier, int parties) {
    if (parties < 1) return greenlet_fail(GREENLET_EINVAL);
    *barrier = (gevent_barrier_t){.parties = parties};
    return GREENLET_OK;
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    while (party_of(waiters->list.next)->is_over && waiters_tell_first(waiters)) continue;
}

// Of all rounds but this one, the outcome is known.
static void end_round(gevent_barrier_t *barrier, int outcome) {
    list_t *list = &barrier->waiters.list;
    for (list_t *link = list->previous; barrier->arrived > 0; link = link->previous) {
        if (link == list) break;
        party_t *party = party_of(link);
        if (party->is_over) break;
        party->is_over = 1;
        party->outcome = outcome;
    }
    barrier->arrived = 0;
    waiters_notify(&barrier->waiters, tell);
}

void gevent_barrier_abort(gevent_barrier_t *barrier) {
    barrier->is_broken = 1;
    end_round(barrier, GREENLET_EBROKEN);
}

void gevent_barrier_reset(gevent_barrier_t *barrier) {
    end_round(barrier, GREENLET_EBROKEN);
    barrier->is_broken = 0;
}

// One who was not even let wait has broken nothing.
static void leave(wait_t *wait) {
    const party_t *party = LIST_ITEM(wait, party_t, wait);
    if (party->is_over) return;
    if (wait->greenlet)
        gevent_barrier_abort(party->barrier);
    else
        party->barrier->arrived--;
}

static int wait_for_others(gevent_barrier_t *barrier, double seconds) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    party_t party = {.waiter.tell = waiter_resume,
                     .wait = {.what = "barrier", .cancel = leave},
                     .barrier = barrier};
    waiters_add_place(&barrier->waiters, &party.waiter, &party.wait);
    barrier->arrived++;
    int code = wait_seconds(&party.wait, seconds);
    if (code < 0) return code;
    return party.outcome < 0 ? greenlet_fail(party.outcome) : GREENLET_OK;
}

int gevent_barrier_wait(gevent_barrier_t *barrier, double seconds, int *index) {
    if (barrier->is_broken) return greenlet_fail(GREENLET_EBROKEN);
    int place = barrier->arrived;
    int code = GREENLET_OK;
    if (place + 1 == barrier->parties)
        end_round(barrier, GREENLET_OK);
    else
        code = wait_for_others(barrier, seconds);
    if (code >= 0 && index) *index = place;
    return code;
}

int gevent_barrier_is_broken(const gevent_barrier_t *barrier) {
    return barrier->is_broken;
}

int gevent_barrier_waiting(const gevent_barrier_t *barrier) {
    return barrier->arrived;
}
