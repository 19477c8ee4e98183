// Symmetric coroutines: what libco's cothreads and Emscripten's fibers have in common.
//
// Whoever swaps first is at home: main, a task, any greenlet. From there control goes from one
// coroutine to the next, and at last back home; all of them together are one flow, of which exactly
// one runs or waits. It goes on for its home as a callee would (call.h): so what is thrown into
// home meanwhile comes out of the wait of that one.
#ifndef GREENLET_SWAP_H
#define GREENLET_SWAP_H

#include "../greenlet.h"

// Makes a coroutine of at least `size` bytes of stack; nothing runs yet. `run` begins with
// swap_arrive and does not return. GREENLET_ENOMEM, GREENLET_ESHUTDOWN.
int swap_new(greenlet_run_fn run, size_t size, greenlet_t **result);

// The argument of the swap that started the current coroutine, out of the value that run got.
void *swap_arrive(void *value);

// Goes to `target`, or starts it with `argument`, and returns when somebody comes back; at once for
// the current one. Negative with the last thing that was thrown in meanwhile, as the last error.
// Where that is not possible, the process or instance ends: `call` is who says so.
int swap_to(greenlet_t *target, void *argument, const char *call);

// Ends a coroutine that is not in a flow, and drops the reference. Its stack vanishes. If it is in
// one, the process or instance ends: `call` is who says so.
void swap_drop(greenlet_t *coroutine, const char *call);

// ---- memory that a coroutine was given ----------------------------------------------------------

// Says that these bytes are `coroutine`'s. Whoever they belonged to before is dropped: with its
// stack taken from it, it could not have gone on. GREENLET_ENOMEM.
int swap_claim(greenlet_t *coroutine, const void *low, size_t size, const char *call);

// Drops whoever some of these bytes belong to.
void swap_reclaim(const void *low, size_t size, const char *call);

// Whatever was the coroutine's no longer is.
void swap_unclaim(const greenlet_t *coroutine);

#endif
