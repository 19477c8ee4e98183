// Who waits for an object, in the order in which they came, and the callback that tells them.
//
// To set, put, release or finish only queues the object's notifier; in the hub, that tells waiter
// after waiter, and each goes on at once and takes what it came for. So nothing is ever given to
// somebody who might be killed before he runs, and no permit or item can be lost.
//
// The notifier is queued only while somebody waits, so that an object may go when nobody does.
#ifndef GREENLET_WAITERS_H
#define GREENLET_WAITERS_H

#include "wait.h"

// A place in the list. A wait for several objects has one in each of their lists.
typedef struct waiter {
    list_t link;
    waiters_t *waiters; // NULL: in no list
    // Called in the hub, after it has been taken out of the list. It may go away in there.
    void (*tell)(struct waiter *waiter);
    wait_t *wait;              // that it is a place of, or NULL
    struct waiter *next_place; // of the same wait
} waiter_t;

// The usual `tell`: resumes the wait.
void waiter_resume(waiter_t *waiter);

void waiters_add(waiters_t *waiters, waiter_t *waiter);
// Adds one for a wait that is about to begin; the wait's end takes it out.
void waiters_add_place(waiters_t *waiters, waiter_t *waiter, wait_t *wait);
// Out of its list, if it is in one. The last to go takes the notifier along.
void waiters_remove(waiter_t *waiter);
int waiters_are_none(const waiters_t *waiters);

// Queues `notifier`, if anybody waits and it is not queued yet.
void waiters_notify(waiters_t *waiters, void (*notifier)(callback_t *callback));
// The object's waiters, for a notifier to start with.
waiters_t *waiters_of(callback_t *notifier);
// In a notifier: tells the first. 0 when nobody is left, and then the object may be gone.
int waiters_tell_first(waiters_t *waiters);
// A notifier that tells all.
void waiters_tell_all(callback_t *notifier);

// Waits to be told, at most `seconds` (see wait_seconds).
int waiters_wait(waiters_t *waiters, wait_t *wait, double seconds);

#endif
