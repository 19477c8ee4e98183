// Who can never go on: those who wait for one another in a circle, or for an object whose owner
// has finished, and those who wait for them.
//
// Each waits for at most one, so that to follow who waits for whom from anywhere ends, comes to
// somebody who has been looked at, or closes a circle.
//
// SPDX-License-Identifier: MIT
#include "../call.h"
#include "dump.h"
#include "owner.h"
#include "report.h"
#include "scope_internal.h"
#include "waiters.h"

enum { UNKNOWN, ON_PATH = WAIT_STUCK, FREE };

static int has_deadline(const wait_t *wait) {
    return wait->timer.place || scope_nearest_deadline(wait->greenlet) != LOOP_NEVER;
}

static int is_for_several(const wait_t *wait) {
    return wait->places && wait->places->next_place;
}

// Those who wait for the same are being told that they may go on, or will be.
static int is_being_told(const wait_t *wait) {
    const waiters_t *waiters = wait->places ? wait->places->waiters : NULL;
    if (!waiters) return 0;
    return !list_is_empty(&waiters->notifier.link) || hub_get()->notifying == waiters;
}

// Whatever becomes of those whom it waits for.
static int may_end(const wait_t *wait) {
    return wait->acts_on || is_for_several(wait) || is_being_told(wait) ||
           wait_is_about_to_end(wait) || has_deadline(wait);
}

// The wait that this one cannot end before; NULL if it may end otherwise.
static wait_t *next_of(const wait_t *wait) {
    const greenlet_t *whom = wait_whom(wait);
    return whom && !may_end(wait) ? greenlet_innermost(whom)->wait : NULL;
}

static int is_abandoned(const wait_t *wait) {
    return wait->owner && owner_has_finished(wait->owner) && !may_end(wait);
}

// Marks a path as stuck on the way. Where it does not end in a circle, at somebody who is stuck or
// at an object that nobody will set, none of it was.
static void mark_from(wait_t *start) {
    wait_t *wait = start;
    while (wait && wait->mark == UNKNOWN) {
        wait->mark = ON_PATH;
        if (is_abandoned(wait)) return;
        wait = next_of(wait);
    }
    if (wait && wait->mark == ON_PATH) return;
    for (wait_t *each = start; each && each->mark == ON_PATH; each = next_of(each))
        each->mark = FREE;
}

size_t stuck_mark(hub_t *hub) {
    list_t *waits = &hub->waits;
    size_t count = 0;
    for (list_t *link = waits->next; link != waits; link = link->next)
        LIST_ITEM(link, wait_t, all)->mark = UNKNOWN;
    for (list_t *link = waits->next; link != waits; link = link->next)
        mark_from(LIST_ITEM(link, wait_t, all));
    for (list_t *link = waits->next; link != waits; link = link->next)
        count += LIST_ITEM(link, wait_t, all)->mark == WAIT_STUCK;
    return count;
}

size_t gevent_find_stuck(greenlet_t **stuck, size_t capacity) {
    hub_t *hub = hub_get();
    if (!hub) return 0;
    size_t count = stuck_mark(hub);
    for (list_t *link = hub->waits.next; link != &hub->waits && capacity > 0; link = link->next) {
        const wait_t *wait = LIST_ITEM(link, const wait_t, all);
        if (wait->mark != WAIT_STUCK) continue;
        *stuck++ = wait->greenlet;
        capacity--;
    }
    return count;
}
