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

// `emptied` is called when the last one has left the list, in time to free the object; or NULL.

// A place in the list. A wait for several objects has one in each of their lists.
//   waiters     the list that it is in, or NULL
//   tell        called in the hub, after it has been taken out of the list. It may go away in there
//   wait        that it is a place of, or NULL
//   next_place  of the same wait
//   mark, is_late  the object's own
typedef struct gevent_waiter waiter_t;

// The usual `tell`: resumes the wait.
void waiter_resume(waiter_t *waiter);

void waiters_add(waiters_t *waiters, waiter_t *waiter);
// Adds one for a wait that is about to begin; the wait's end takes it out.
void waiters_add_place(waiters_t *waiters, waiter_t *waiter, wait_t *wait);
// Out of its list, if it is in one. The last to go takes the notifier along.
void waiters_remove(waiter_t *waiter);
// Of those who wait, of whom there must be some.
waiter_t *waiters_first(const waiters_t *waiters);
int waiters_are_none(const waiters_t *waiters);

// Queues `notifier`, if anybody waits and it is not queued yet.
void waiters_notify(waiters_t *waiters, void (*notifier)(callback_t *callback));
// The same, and it runs before all who are ready: for a notifier that goes on when the one whom it
// tells has done so. Thus an object with two lists can serve both; it may be gone by then only if
// nobody is left in either.
void waiters_notify_next(waiters_t *waiters, void (*notifier)(callback_t *callback));
// The object's waiters, for a notifier to start with.
waiters_t *waiters_of(callback_t *notifier);
// In a notifier: tells the first. 0 when nobody is left, and then the object may be gone.
int waiters_tell_first(waiters_t *waiters);
// A notifier that tells all.
void waiters_tell_all(callback_t *notifier);

// Waits to be told, at most `seconds` (see wait_seconds).
int waiters_wait(waiters_t *waiters, wait_t *wait, double seconds);

#endif
