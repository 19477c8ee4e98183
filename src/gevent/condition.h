// Conditions: waiting, with a lock, until somebody says that something has changed.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CONDITION_H
#define GEVENT_CONDITION_H

#include "rlock.h"

#ifdef __cplusplus
extern "C" {
#endif

// A condition and the lock under which it is looked at. Lives where the caller puts it, for as long
// as anybody waits for it; there is nothing to free. (threading: Condition)
//   code = gevent_rlock_acquire(&lock, GEVENT_FOREVER);
//   while (code >= 0 && !there_is_work()) code = gevent_condition_wait(&condition, GEVENT_FOREVER);
typedef struct gevent_condition gevent_condition_t;

// Makes it one of `lock`, which stays the caller's and must live as long.
void gevent_condition_init(gevent_condition_t *condition, gevent_rlock_t *lock);

// Releases the lock, however often it was taken; waits until it is notified, at most `seconds`;
// takes the lock back as often, however long that takes. It does so also if it fails: timed out,
// killed, or cancelled by a scope. An error that comes meanwhile is delivered once the lock is
// there, the first of several. GREENLET_ETIMEDOUT; GREENLET_ENOTHELD if the current greenlet does
// not hold the lock. Only after GREENLET_EDEADLK, GREENLET_ENOMEM, GREENLET_ESHUTDOWN and
// GREENLET_EFORBIDDEN it may be without the lock, which cannot be waited for then. What was
// notified but fails passes the notification on. It may return without a notification that was
// meant for it: look at what is waited for again.
int gevent_condition_wait(gevent_condition_t *condition, double seconds);

// Wakes the first `count` that wait, or all; they go on once they have the lock. By its holder
// (GREENLET_ENOTHELD).
int gevent_condition_notify(gevent_condition_t *condition, size_t count);
int gevent_condition_notify_all(gevent_condition_t *condition);

// ---- private ------------------------------------------------------------------------------------

struct gevent_condition {
    struct gevent_waiters waiters;
    gevent_rlock_t *lock;
    size_t pending; // notifications that nobody has got yet
};

#ifdef __cplusplus
}
#endif
#endif
