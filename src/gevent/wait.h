// Waits: a greenlet that is parked until something happens.
#ifndef GREENLET_WAIT_H
#define GREENLET_WAIT_H

#include "hub_internal.h"

// Who waits, for what, and how to cancel. Lives on the waiter's stack; while it waits, it owns a
// reference to the greenlet.
struct wait {
    callback_t callback; // in the ready queue once it is to be woken
    timer_node_t timer;  // its own deadline
    list_t all;          // in the hub's list
    greenlet_t *greenlet;
    const char *what;                  // "sleep", "join", …; the module of an import
    const greenlet_t *whom;            // a greenlet that it waits for, or NULL
    greenlet_t *const *holder;         // where whoever holds what it waits for is noted, or NULL
    const struct gevent_owner *owner;  // of what it waits for, or NULL
    const char *name;                  // the import's name; or NULL
    void (*cancel)(struct wait *wait); // told that it ended without having been woken, or NULL
    int64_t since;
    void *token;                  // what came with the switch that ended it: itself
    struct gevent_waiter *places; // in the lists of what it waits for (waiters.h)
    unsigned char mark;           // of who looks at all waits (stuck.c)
    unsigned char acts_on; // it is doing something to `whom` that may end the wait of that one
    unsigned char timed_out;
    unsigned char is_woken;
    unsigned char ignores_cancel; // of the scopes that it is in
    unsigned char is_settled;
};

// Parks the current greenlet until it is woken (GREENLET_OK), its deadline has come
// (WAIT_TIMED_OUT, which is no error yet) or an error is thrown into it (its code). Fails at once
// where a scope that it is in is cancelled. The wait is zero but for
// what/whom/holder/owner/name/cancel.
enum { WAIT_TIMED_OUT = 1 };
int wait_until(wait_t *wait, int64_t deadline);
// The same for a call that has `seconds`: GREENLET_ETIMEDOUT after that.
int wait_seconds(wait_t *wait, double seconds);
// Whether it could: 0 or the code of the refusal.
int wait_check(const hub_t *hub);

// Wakes through the queue, before all others in it, and at once (only in a hub callback).
void wait_wake(wait_t *wait);
void wait_wake_next(wait_t *wait);
void wait_resume(wait_t *wait);

// The greenlet that it waits for at present, or NULL.
const greenlet_t *wait_whom(const wait_t *wait);

// Whether what ends it is in the ready queue.
int wait_is_about_to_end(const wait_t *wait);

// Wakes through the queue a wait that somebody has ended by giving to it or taking from it. It is
// in no list any more; what is thrown into the greenlet from now on, or was queued to be, waits for
// its next call.
void wait_settle(wait_t *wait);
int wait_is_settled(const greenlet_t *greenlet);

// The wait that a greenlet is in, ended without another word to it: its frames will be dropped.
void wait_drop(greenlet_t *greenlet);

#endif
