// The matrix: every call that waits, times whatever can hit it meanwhile.
//
// SPDX-License-Identifier: MIT
#ifndef MATRIX_H
#define MATRIX_H

#include "check.h"
#include "gevent.h"

// A call that waits, on an object of its own. All but `block` are called by main.
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
    int late; // what the call returns after its own seconds
} call_t;

// For what has nothing to do.
void nothing_to_do(void);

// Lets time pass in main, though memory may be short.
void pass_time(double seconds);

// Each row: does the call take seconds?
#define MATRIX(ROW)                                                                                \
    ROW(sleep, NO_SECONDS)                                                                         \
    ROW(join, HAS_SECONDS)                                                                         \
    ROW(get, HAS_SECONDS)                                                                          \
    ROW(kill, HAS_SECONDS)                                                                         \
    ROW(joinall, HAS_SECONDS)                                                                      \
    ROW(killall, HAS_SECONDS)                                                                      \
    ROW(scope_close, HAS_SECONDS)                                                                  \
    ROW(event_wait, HAS_SECONDS)

#define DECLARE(name, seconds) extern const call_t call_##name;
MATRIX(DECLARE)
#undef DECLARE

#endif
