// The matrix: every call that waits, times whatever can hit it meanwhile.
//
// SPDX-License-Identifier: MIT
#ifndef MATRIX_H
#define MATRIX_H

#include "check.h"
#include "gevent.h"

// A call that waits, on an object of its own. All but `block` are called by main; NULL where there
// is nothing to do.
typedef struct call {
    // Makes the object, so that whoever makes the call will wait.
    void (*set_up)(void);
    // Makes the call, for at most `seconds` if it can be told that, and gives back at once what it
    // got. Owns nothing while it waits: it may be killed hard.
    int (*block)(double seconds);
    // Lets one who waits have it, or all. May fail for want of memory, and is then called again.
    int (*satisfy)(void);
    // Nobody is left in the object, and what it had is there.
    void (*check)(void);
    void (*tear_down)(void);
    int late;   // what the call fails with after its own seconds
    int broken; // and if another one's call has failed; else it succeeds
} call_t;

// Lets time pass in main, though memory may be short.
void pass_time(double seconds);

// Each row: can the call be given seconds?
#define MATRIX(ROW)                                                                                \
    ROW(sleep, NO_SECONDS)                                                                         \
    ROW(join, SECONDS)                                                                             \
    ROW(get, SECONDS)                                                                              \
    ROW(kill, SECONDS)                                                                             \
    ROW(joinall, SECONDS)                                                                          \
    ROW(killall, SECONDS)                                                                          \
    ROW(scope_close, SECONDS)                                                                      \
    ROW(event_wait, SECONDS)                                                                       \
    ROW(semaphore_acquire, SECONDS)                                                                \
    ROW(semaphore_acquire_fair, SECONDS)                                                           \
    ROW(semaphore_wait, SECONDS)                                                                   \
    ROW(rlock_acquire, SECONDS)                                                                    \
    ROW(rwlock_acquire_read, SECONDS)                                                              \
    ROW(rwlock_acquire_write, SECONDS)                                                             \
    ROW(condition_wait, SECONDS)                                                                   \
    ROW(waitgroup_wait, SECONDS)                                                                   \
    ROW(barrier_wait, SECONDS)                                                                     \
    ROW(result_wait, SECONDS)                                                                      \
    ROW(result_get, SECONDS)

#define DECLARE(name, seconds) extern const call_t call_##name;
MATRIX(DECLARE)
#undef DECLARE

#endif
