// Greenlets that go on for others as a function that they call would: a generator for whoever
// advances it. While the call lasts, what bounds or ends the caller's waits does so with the
// callee's.
#ifndef GREENLET_CALL_H
#define GREENLET_CALL_H

#include "greenlet_internal.h"

// Lives on the caller's stack, from greenlet_call_begin to greenlet_call_end.
struct greenlet_call {
    greenlet_t *caller, *callee;
    greenlet_call_t *previous; // the caller's, which a trace callback may have interrupted
    // Told that the frames in which it lies are being dropped; those of the callee have been, and
    // the call has ended.
    void (*drop)(greenlet_call_t *call);
};

// The current greenlet calls `callee`, which nobody else does.
static inline void greenlet_call_begin(greenlet_call_t *call, greenlet_t *callee,
                                       void (*drop)(greenlet_call_t *call)) {
    greenlet_t *caller = greenlet_current();
    *call = (greenlet_call_t){caller, callee, caller->call, drop};
    caller->call = callee->called_by = call;
}

static inline void greenlet_call_end(greenlet_call_t *call) {
    call->caller->call = call->previous;
    call->callee->called_by = NULL;
}

// Who calls it; whom it calls. NULL: nobody.
static inline greenlet_t *greenlet_caller(const greenlet_t *greenlet) {
    return greenlet->called_by ? greenlet->called_by->caller : NULL;
}

static inline greenlet_t *greenlet_callee(const greenlet_t *greenlet) {
    return greenlet->call ? greenlet->call->callee : NULL;
}

// Who goes on for it: itself, or who is called by whom it calls, and so on.
static inline const greenlet_t *greenlet_innermost(const greenlet_t *greenlet) {
    while (greenlet->call) greenlet = greenlet->call->callee;
    return greenlet;
}

// Who was told to end: itself, or whoever it goes on for. NULL: nobody.
static inline greenlet_t *greenlet_find_killed(greenlet_t *greenlet) {
    while (greenlet && !greenlet->is_killed) greenlet = greenlet_caller(greenlet);
    return greenlet;
}

// Whether it goes on for `whom`, or is that.
static inline int greenlet_runs_for(const greenlet_t *greenlet, const greenlet_t *whom) {
    while (greenlet && greenlet != whom) greenlet = greenlet_caller(greenlet);
    return greenlet != NULL;
}

#endif
