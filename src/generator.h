// Generators on greenlets: functions that stop in the middle with a value and go on when asked.
//
// The body runs on a stack of its own. generator_yield stops it, at any depth of calls, and gives a
// value to whoever asked for one; the next generator_next, generator_send or generator_throw goes
// on there. A generator that delegates to another (python's `yield from`) stands aside: what is
// sent or thrown goes straight to the innermost, and what that yields straight to who asked,
// however many delegate in between. A generator is a greenlet whose parent, while it runs, is who
// advanced it.
//
// A body may wait (gevent.h); who advanced it waits with it, as if both were one stack. What is
// thrown into that one meanwhile, by a kill or a timeout, comes out of the call in which the body
// waits; so does the cancellation of the scopes that it is in. The body leaves these with each
// yield. Scopes that it has opened itself it keeps, and takes into those of whoever advances it
// next. If its caller is killed hard, so is the body: the generator is closed.
//
// All calls belong to the thread that made the generator. A failing call returns a negative code
// and leaves the last error (greenlet_error.h). An advance, a close and the drop of the last
// reference run code of the body, so that they switch.
//
// SPDX-License-Identifier: MIT
#ifndef GENERATOR_H
#define GENERATOR_H

#include "greenlet.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct generator generator_t;

// Success of an advance, and the generator has ended: the result is what it returned, once. Every
// later advance gives GENERATOR_DONE with NULL. (python: StopIteration and its value)
enum { GENERATOR_DONE = 2 };

// ---- life ---------------------------------------------------------------------------------------

// Makes a generator; nothing runs, and no stack is allocated, before it is first advanced.
//   run       its body: gets `argument`; returns 0 or more and leaves in *result (NULL at first)
//             what the generator returns, or fails as greenlet_run_fn says
//   argument  the program's; for as long as the generator lives (see generator_set_release)
//   result    gets the generator; the caller owns the reference
// From anywhere. GREENLET_ENOMEM, GREENLET_EINVAL (no `run`, no `result`). (PEP 255)
int generator_new(greenlet_run_fn run, void *argument, generator_t **result);

// Makes one and advances it to its first yield, whose value is dropped, so that values can be sent
// at once. GREENLET_OK; GENERATOR_DONE if it has ended without a yield, and `result` gets it all
// the same; else as generator_new and generator_next, and there is no generator. One that is primed
// and then delegated to has lost its first value. (PEP 342: the decorator of its examples)
int generator_new_primed(greenlet_run_fn run, void *argument, generator_t **result);

// Makes one that yields `count` items, which are borrowed for as long as it lives, and returns
// NULL. It fails with GREENLET_EINVAL when it is sent a value other than NULL, and with what is
// thrown into it. Errors as generator_new. (PEP 380: a plain iterable)
int generator_from_array(void *const *items, size_t count, generator_t **result);

// Says how to free the argument (NULL: not at all): `release` is called with it, once, when the
// generator is freed, whether or not its body has run. From anywhere.
void generator_set_release(generator_t *generator, void (*release)(void *argument));

// Adds a reference and returns its argument. NULL is allowed. From anywhere.
generator_t *generator_ref(generator_t *generator);

// Drops a reference. NULL is allowed. Dropping the last one to a suspended generator closes it, at
// once: its clean-up runs before this returns. An error of that goes to the unraisable hook, the
// caller's last error stays as it is, and all that greenlet_unref says holds. One that was never
// started runs nothing. (PEP 342: the destructor)
void generator_unref(generator_t *generator);

// ---- from outside -------------------------------------------------------------------------------

// Goes on to the next yield. From any greenlet of its tree.
//   result  gets the yielded value, or with GENERATOR_DONE what the generator returned
// GREENLET_OK, GENERATOR_DONE, or the error with which the body has failed: the generator is then
// closed. Refused, with nothing changed: GREENLET_EINVAL (no generator); GREENLET_EEXECUTING (it is
// running, or another one delegates to it); GREENLET_ENOMEM (no stack, on the first);
// GREENLET_ECYCLE in a greenlet that has the generator's for an ancestor; GREENLET_ETHREAD,
// GREENLET_EJSFRAME, GREENLET_EFORBIDDEN as in greenlet.h. (PEP 342: next)
int generator_next(generator_t *generator, void **result);

// The same, and the yield at which it is suspended returns `value` (NULL: as generator_next). To a
// generator that has not started only NULL can be sent: GREENLET_EINVAL, and it can still be
// started. (PEP 342: send)
int generator_send(generator_t *generator, void *value, void **result);

// The same, but that yield fails with `error` (borrowed; NULL: GREENLET_EXIT). A generator that has
// not started is closed without running; that and one which has ended fail with the error.
// GREENLET_EINVAL also for an error whose code is not negative. (PEP 342: throw)
int generator_throw(generator_t *generator, const greenlet_error_t *error, void **result);

// Throws GREENLET_EXIT into a suspended generator, which is to end: by letting it pass or by
// returning, whose value is dropped. Does nothing to one that has ended; one that has not started
// is closed without running. GREENLET_OK, the caller's last error is then as before;
// GREENLET_EIGNORED if it yielded (it is suspended there); another error with which it has failed;
// refused as generator_next. (PEP 342: close)
int generator_close(generator_t *generator);

typedef enum generator_state {
    GENERATOR_CREATED,   // has not started
    GENERATOR_RUNNING,   // or waiting, or advancing another one
    GENERATOR_SUSPENDED, // at a yield: its own, or that of the one it delegates to
    GENERATOR_CLOSED     // has ended
} generator_state_t;
// From anywhere; steps through those it delegates to. (python: inspect.getgeneratorstate)
generator_state_t generator_state(const generator_t *generator);

// The greenlet that runs the body: borrowed, for its name and its stack size. Its user pointer is
// taken, and nobody else switches to it. From anywhere.
greenlet_t *generator_greenlet(const generator_t *generator);

// ---- from inside --------------------------------------------------------------------------------

// Suspends the generator whose body is running; at any depth of calls, but in its own greenlet.
//   value  goes to who advanced it
//   sent   gets what the next advance sends; NULL for generator_next
// GREENLET_OK, or what was thrown in: GREENLET_EEXIT when it is to end. Refused, with nothing
// changed: GREENLET_EYIELD outside of any generator, GREENLET_ENOMEM. (PEP 342: yield)
int generator_yield(void *value, void **sent);

// Lets `sub` take the place of the generator whose body is running, until it has ended: what it
// yields goes to who advances this one, and what that one sends and throws comes to it. A resume
// costs the same at any depth. `sub` is advanced by NULL first; nobody else can advance it.
//   sub     borrowed; a reference is kept meanwhile
//   result  gets what `sub` returned; NULL if it had ended before
// GREENLET_OK, or the error with which `sub` has failed; GREENLET_EEXIT when this one is to end,
// even if `sub` has taken that for a wish to return. Refused: GREENLET_EYIELD outside of any
// generator; GREENLET_EINVAL, GREENLET_EEXECUTING, GREENLET_ENOMEM as generator_next. (PEP 380)
int generator_delegate(generator_t *sub, void **result);

// The generator whose body is running in the current greenlet: borrowed, NULL outside of any.
generator_t *generator_current(void);

#ifdef __cplusplus
}
#endif
#endif
