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
    // Ends the object for all who wait.
    void (*close)(void);
    // Nobody is left in the object, and what it had is there.
    void (*check)(void);
    void (*tear_down)(void);
    int late;   // what the call fails with after its own seconds
    int closed; // and once the object is closed
    int broken; // and if another one's call has failed; else it succeeds
} call_t;

// Lets time pass in main, though memory may be short.
void pass_time(double seconds);

// What the tasks that are waited for wait for themselves.
extern gevent_event_t gate;
int open_gate(void);
int run_until_open(void *value, void **result);
// The same, and does not die of a kill.
int run_until_open_stubbornly(void *value, void **result);

// A call that is not here waits by one that is; or only for its turn, or in main alone, or whatever
// hits it: gevent_yield, gevent_idle, gevent_run (test_turn.c), gevent_imap_end (test_map.c).
//
// Each row: can the call be given seconds, and its object be closed?
#define MATRIX(ROW)                                                                                \
    ROW(sleep, NO_SECONDS, NO_CLOSE)                                                               \
    ROW(join, SECONDS, NO_CLOSE)                                                                   \
    ROW(get, SECONDS, NO_CLOSE)                                                                    \
    ROW(kill, SECONDS, NO_CLOSE)                                                                   \
    ROW(joinall, SECONDS, NO_CLOSE)                                                                \
    ROW(killall, SECONDS, NO_CLOSE)                                                                \
    ROW(scope_close, SECONDS, NO_CLOSE)                                                            \
    ROW(generator_next, NO_SECONDS, NO_CLOSE)                                                      \
    ROW(event_wait, SECONDS, NO_CLOSE)                                                             \
    ROW(semaphore_acquire, SECONDS, NO_CLOSE)                                                      \
    ROW(semaphore_acquire_fair, SECONDS, NO_CLOSE)                                                 \
    ROW(semaphore_wait, SECONDS, NO_CLOSE)                                                         \
    ROW(semaphore_hold, SECONDS, NO_CLOSE)                                                         \
    ROW(rlock_acquire, SECONDS, NO_CLOSE)                                                          \
    ROW(rlock_hold, SECONDS, NO_CLOSE)                                                             \
    ROW(rwlock_acquire_read, SECONDS, NO_CLOSE)                                                    \
    ROW(rwlock_acquire_write, SECONDS, NO_CLOSE)                                                   \
    ROW(rwlock_hold_read, SECONDS, NO_CLOSE)                                                       \
    ROW(rwlock_hold_write, SECONDS, NO_CLOSE)                                                      \
    ROW(condition_wait, SECONDS, NO_CLOSE)                                                         \
    ROW(waitgroup_wait, SECONDS, NO_CLOSE)                                                         \
    ROW(barrier_wait, SECONDS, NO_CLOSE)                                                           \
    ROW(result_wait, SECONDS, NO_CLOSE)                                                            \
    ROW(result_get, SECONDS, NO_CLOSE)                                                             \
    ROW(queue_put, SECONDS, CLOSE)                                                                 \
    ROW(queue_get, SECONDS, CLOSE)                                                                 \
    ROW(queue_peek, SECONDS, CLOSE)                                                                \
    ROW(queue_join, SECONDS, NO_CLOSE)                                                             \
    ROW(channel_put, SECONDS, CLOSE)                                                               \
    ROW(channel_get, SECONDS, CLOSE)                                                               \
    ROW(channel_get_at_once, SECONDS, CLOSE)                                                       \
    ROW(select, SECONDS, NO_CLOSE)                                                                 \
    ROW(wait_fd, SECONDS, CLOSE)                                                                   \
    ROW(wait, SECONDS, NO_CLOSE)                                                                   \
    ROW(iwait_next, SECONDS, NO_CLOSE)                                                             \
    ROW(pool_spawn, SECONDS, CLOSE)                                                                \
    ROW(pool_wait, SECONDS, CLOSE)                                                                 \
    ROW(pool_add, SECONDS, CLOSE)                                                                  \
    ROW(pool_start, SECONDS, CLOSE)                                                                \
    ROW(group_join, SECONDS, NO_CLOSE)                                                             \
    ROW(group_kill, SECONDS, NO_CLOSE)                                                             \
    ROW(group_kill_one, SECONDS, NO_CLOSE)                                                         \
    ROW(pool_apply, NO_SECONDS, NO_CLOSE)                                                          \
    ROW(pool_apply_full, NO_SECONDS, CLOSE)                                                        \
    ROW(pool_map, NO_SECONDS, NO_CLOSE)                                                            \
    ROW(imap_next, NO_SECONDS, NO_CLOSE)                                                           \
    ROW(wait_for, SECONDS, NO_CLOSE)                                                               \
    ROW(gather, NO_SECONDS, NO_CLOSE)                                                              \
    ROW(run_until_complete, NO_SECONDS, NO_CLOSE)                                                  \
    ROW(with_timeout, SECONDS, NO_CLOSE)

#define DECLARE(name, seconds, closing) extern const call_t call_##name;
MATRIX(DECLARE)
#undef DECLARE

#endif
