// What a condition does with its lock.
#ifndef GREENLET_RLOCK_INTERNAL_H
#define GREENLET_RLOCK_INTERNAL_H

#include "rlock.h"
#include "wait.h"

// GREENLET_OK, or GREENLET_ENOTHELD with an error that names the owner.
int rlock_check_held(const gevent_rlock_t *lock);

// Undoes all acquires of the owner and returns how many there were.
size_t rlock_leave(gevent_rlock_t *lock);

// Takes it `depth` times at once, for a greenlet that does not hold it; `wait` may say more than
// that it is for a lock.
int rlock_enter(gevent_rlock_t *lock, wait_t *wait, double seconds, size_t depth);

#endif
