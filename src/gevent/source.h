// The contract of what can be a case: how an object tells whether something can be done with it
// now, does it, and whom it tells when that has changed.
#ifndef GREENLET_SOURCE_H
#define GREENLET_SOURCE_H

#include "select.h"
#include "waiters.h"

typedef struct gevent_source {
    const char *what; // for who waits for this alone: "queue get"
    // Whether it could be done now. A case that has been told and is not ready goes on waiting.
    int (*is_ready)(const gevent_case_t *each);
    // Does one that is ready, in the greenlet that wants it: its code, with the value stored.
    int (*take)(gevent_case_t *each);
    // Where to wait until it may be ready; its notifier goes on to the next one, if it is ready
    // still. NULL: it is ready once each->when has come.
    waiters_t *(*waiters)(const gevent_case_t *each);
    // Told when it has been put there; or NULL.
    void (*parked)(gevent_case_t *each);
    // Told that whoever had been settled with it will not go on; or NULL.
    void (*give_back)(const gevent_case_t *each);
} source_t;

int case_is_ready(const gevent_case_t *each);
// Puts a case in its waiters, as a place of `wait`, or of none.
void case_park(gevent_case_t *each, wait_t *wait, void (*tell)(waiter_t *waiter));
// Of the cases that only time makes ready and that have not been told, the first to be so, or NULL.
gevent_case_t *case_nearest(gevent_case_t *cases, size_t count);

// Does this one alone, after waiting if it must: its code, or why the wait ended.
int case_do(gevent_case_t *each, double seconds);
// The same, but waits even if it is ready.
int case_do_later(gevent_case_t *each, double seconds);
// Has been done, successfully, by the other side (see wait_settle). For a case that is in a wait.
void case_settle(gevent_case_t *each);

#endif
