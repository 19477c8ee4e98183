// greenlet: symmetric stackful coroutines in a parent tree, with python-greenlet's semantics.
//
// A greenlet is a C function with a stack of its own. greenlet_switch leaves the running greenlet
// inside that call and goes on in another one, which then comes out of the switch in which it had
// been left. Nothing runs in between. A greenlet that ends hands its result, or its error, to its
// parent. Each thread (each wasm instance) has one tree; its root is the main greenlet.
//
// All calls belong to the thread that made the greenlet, but for greenlet_ref and greenlet_unref:
// any thread that has a reference may take another one and drop it. A thread that ends kills its
// suspended greenlets first, as by greenlet_shutdown; from then on its started greenlets and its
// main one are dead, for whoever still refers to them, and out of reach.
//
// Greenlets are reference-counted.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_H
#define GREENLET_H

#include <stddef.h>
#include <stdint.h>

#include "greenlet_error.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GREENLET_VERSION "0.1.0"

typedef struct greenlet greenlet_t;

// What a greenlet runs. `value` is the payload of the switch that started it. Returns 0 or more
// for success, with what it leaves in *result (NULL at first) as the value for the parent; or
// negative for failure: if that is the last error's code, that error is delivered to the parent,
// else a new one of that code with the last error as its cause. An error that is-a GREENLET_EXIT
// is delivered as a value (GREENLET_EXITED).
typedef int (*greenlet_run_fn)(void *value, void **result);

// The version of the library that is linked, GREENLET_VERSION of its header.
const char *greenlet_version(void);
// The name of the context backend: "asyncify", "ucontext", or the CPU, as "x86_64".
const char *greenlet_backend(void);

// ---- life ---------------------------------------------------------------------------------------

// Makes a greenlet; nothing runs and no stack is allocated before the first switch.
//   run     what it will run; NULL: none yet, see greenlet_set_run
//   parent  who gets its result; NULL: the current greenlet. The child owns a reference to it.
//   result  gets the new greenlet; the caller owns the reference
// GREENLET_ENOMEM, GREENLET_EINVAL (no `result`), GREENLET_ETHREAD (a parent of another thread).
// (greenlet: greenlet(run, parent))
int greenlet_new(greenlet_run_fn run, greenlet_t *parent, greenlet_t **result);

// Adds a reference and returns its argument. NULL is allowed.
greenlet_t *greenlet_ref(greenlet_t *greenlet);

// Drops a reference. NULL is allowed. Dropping the last one to a suspended greenlet throws
// GREENLET_EXIT into it, at once, with the current greenlet as its parent for that time: this call
// can switch. Its result is discarded, an error of it goes to the unraisable hook, and the
// caller's last error stays as it is. Where a switch is not allowed the kill is done at the next
// point that allows it; for another thread's greenlet, in that thread, when it next makes a
// greenlet or switches. A greenlet that swallows EXIT is reported to the hook and leaks. (greenlet:
// garbage collection of a greenlet)
void greenlet_unref(greenlet_t *greenlet);

// Borrowed. The greenlet whose code is running; the root of its tree.
greenlet_t *greenlet_current(void);
greenlet_t *greenlet_main(void);

// ---- switching ----------------------------------------------------------------------------------

// Goes to `target` with `value` and suspends the caller, until somebody switches or throws to it.
//   NEW target: started, with `value` as run's argument. SUSPENDED: its pending call returns it.
//   DEAD: the value goes to its nearest living ancestor. The current greenlet: returned at once.
//   result  gets the value with which the caller is resumed: from whoever that is
// Returns GREENLET_OK; GREENLET_EXITED if the value is the exit object (a greenlet_error_t *, the
// caller's to read until its next switch) of a greenlet that ended by GREENLET_EXIT; or negative
// with the error thrown to the caller, or that of a child that failed. Refused, with nothing
// changed: GREENLET_ENORUN, GREENLET_ENOMEM (no stack), GREENLET_ETHREAD, GREENLET_EJSFRAME,
// GREENLET_EFORBIDDEN, GREENLET_EINVAL. (greenlet: switch)
int greenlet_switch(greenlet_t *target, void *value, void **result);

// The same, but the target's pending call fails with `error` (borrowed; NULL: GREENLET_EXIT).
//   NEW target: never runs; it dies and the error goes to its parent. DEAD: the error goes to the
//   nearest living ancestor, GREENLET_EXIT as a value. The current one: fails here and now.
// Returns, and is refused, as greenlet_switch; GREENLET_EINVAL also for an error whose code is not
// negative. (greenlet: throw)
int greenlet_throw(greenlet_t *target, const greenlet_error_t *error, void **result);

// ---- what one can ask and set -------------------------------------------------------------------

// The parent: borrowed, NULL for a main greenlet. (greenlet: parent)
greenlet_t *greenlet_parent(const greenlet_t *greenlet);

// Changes the parent, in any state. The child takes a reference to the new one and drops that to
// the old one, so that this can switch. GREENLET_EINVAL (no greenlet), GREENLET_EMAIN (a main
// greenlet), GREENLET_EPARENT (NULL), GREENLET_ECYCLE, GREENLET_ETHREAD (either is of another
// thread); for a greenlet that has started and a parent of another tree GREENLET_EJSFRAME.
// (greenlet: parent; but a new greenlet cannot be moved to another thread)
int greenlet_set_parent(greenlet_t *greenlet, greenlet_t *parent);

// 1 or 0. NEW: none. RUNNING and SUSPENDED: started, active. DEAD: started, dead. Main: started,
// active. An error thrown into a NEW greenlet makes it dead without its ever having run.
int greenlet_started(const greenlet_t *greenlet);
int greenlet_active(const greenlet_t *greenlet);
int greenlet_dead(const greenlet_t *greenlet);
int greenlet_is_main(const greenlet_t *greenlet);

// Reads and sets run while the greenlet is NEW. Get: GREENLET_ENORUN once started or if there is
// none. Set (NULL: none): GREENLET_ESTARTED once started, GREENLET_EMAIN. (greenlet: run)
int greenlet_get_run(const greenlet_t *greenlet, greenlet_run_fn *run);
int greenlet_set_run(greenlet_t *greenlet, greenlet_run_fn run);

// A name for reports and errors, in UTF-8; copied, NULL takes it away. GREENLET_ENOMEM. Unnamed
// ones are called "greenlet-N" after their number, a main one "main". The name that one gets is
// borrowed: until it is set anew; that of an unnamed one until the next call of greenlet_name.
int greenlet_set_name(greenlet_t *greenlet, const char *name);
const char *greenlet_name(const greenlet_t *greenlet);

// A number that no other greenlet of this thread ever has.
uint64_t greenlet_id(const greenlet_t *greenlet);

// A pointer of the program's own; `release` (may be NULL) is called with it, once, when the
// greenlet is freed or given another.
void greenlet_set_user(greenlet_t *greenlet, void *user, void (*release)(void *user));
void *greenlet_user(const greenlet_t *greenlet);

// Bytes of C stack for a greenlet that has not been started (rounded up to what the backend
// needs; 0: the default). GREENLET_ESTARTED, GREENLET_EMAIN.
#define GREENLET_STACK_DEFAULT_WASM 32768u
#define GREENLET_STACK_DEFAULT_NATIVE 262144u
int greenlet_set_stack_size(greenlet_t *greenlet, size_t bytes);
// The default for greenlets that this thread makes after the call; 0: the backend's.
void greenlet_set_default_stack_size(size_t bytes);

// Bytes that a suspended greenlet holds beyond its C stack's fixed size or on it: its saved frames
// and the used part of its stack. 0 in every other state. (greenlet: _stack_saved)
size_t greenlet_parked_bytes(const greenlet_t *greenlet);

// How deep it got: the most bytes of its C stack that it has used so far, or had used when it
// ended, as far as it wrote to them. 0 for a greenlet that was started while marking was off, and a
// main one.
size_t greenlet_stack_peak(const greenlet_t *greenlet);
// Turns marking of stacks on (1) or off (0, as at first) for greenlets that this thread starts
// after the call. It is for finding out which sizes are needed: a stack is filled with a pattern
// when it is made and looked through from below when it is measured and when it ends, so that a
// start takes time, and memory, for the whole stack; in wasm saved frames are no longer kept on it.
void greenlet_set_stack_marking(int on);

// Writes one line that says what it is and in which state, NUL-terminated, into `buffer`. Returns
// the length that it has or would have, as snprintf. (greenlet: repr)
size_t greenlet_describe(const greenlet_t *greenlet, char *buffer, size_t size);

// The id of the greenlet that made it. (ours; greenlet's users ask for it)
uint64_t greenlet_creator(const greenlet_t *greenlet);

// Where in the source a suspended greenlet switched away, "file:line"; NULL if it is not suspended
// or did not say. Code that is compiled with GREENLET_SITES defined (greenlet-wasm build --debug
// does that) says it at each greenlet_switch and greenlet_throw. (ours)
const char *greenlet_parked_at(const greenlet_t *greenlet);

// How many greenlets of this thread exist, dead ones that are referred to among them. Main ones
// and the hub are not counted.
size_t greenlet_live_count(void);

// Writes a line for each greenlet of this thread: what greenlet_describe says, who made it, where
// it is parked. NUL-terminated; returns the length that it has or would have, as snprintf. (ours)
size_t greenlet_report(char *buffer, size_t size);

// ---- ends ---------------------------------------------------------------------------------------

// From a run function, as its last act: `return greenlet_finish_to(target, value, result);`. The
// greenlet ends with `value`, which goes to `target` in place of its parent, in one step: nothing
// of it is kept. `target` is found as by greenlet_switch. Returns GREENLET_OK; GREENLET_EINVAL (no
// target), GREENLET_EMAIN (main greenlets do not end), GREENLET_ETHREAD. If run fails all the same,
// the error goes to the parent. (ours)
int greenlet_finish_to(greenlet_t *target, void *value, void **result);

// From the main greenlet: throws GREENLET_EXIT into every suspended greenlet of this thread, each
// with its clean-up, the caller being its parent for that time; those that swallow it are told to
// the unraisable hook. From then on new, switch, throw and set_parent fail with GREENLET_ESHUTDOWN.
// Returns how many greenlets still exist, because somebody refers to them; GREENLET_EFORBIDDEN
// elsewhere. (ours)
int greenlet_shutdown(void);

// Between the two, no switch leaves the current greenlet: each is refused with GREENLET_EFORBIDDEN
// and nothing changed. They nest. For code that others must not run into. (ours)
void greenlet_forbid_switches(void);
void greenlet_allow_switches(void);

// ---- hooks --------------------------------------------------------------------------------------

typedef enum greenlet_event { GREENLET_EVENT_SWITCH, GREENLET_EVENT_THROW } greenlet_event_t;

// Called after each switch, in the target, before its code goes on; `error` (else NULL) is what a
// throw delivers. It may switch. If it fails (returns negative) it is removed and its error takes
// the place of what was being delivered. Ignore events you do not know. (greenlet: settrace)
typedef int (*greenlet_trace_fn)(greenlet_event_t event, greenlet_t *origin, greenlet_t *target,
                                 const greenlet_error_t *error, void *data);
// Sets the callback (NULL: none) and returns the previous one.
greenlet_trace_fn greenlet_set_trace(greenlet_trace_fn trace, void *data);
greenlet_trace_fn greenlet_get_trace(void);

// Told what nobody else can be told: an error that left a greenlet while it was being killed by its
// last greenlet_unref, or (with GREENLET_EEXIT) that it would not die. The default prints it.
typedef void (*greenlet_unraisable_fn)(greenlet_t *greenlet, const greenlet_error_t *error);
// Sets the hook (NULL: the default) and returns the previous one.
greenlet_unraisable_fn greenlet_set_unraisable(greenlet_unraisable_fn hook);

// Where the library gets its memory, but for the stacks of native greenlets, which are mapped. NULL
// restores malloc and free; else the functions are copied. Memory is given back to the `release`
// that is in force then, not to that of its allocation: set it first of all. From one thread only.
// They must neither switch nor wait.
typedef struct greenlet_allocator {
    void *(*allocate)(size_t size); // as malloc: aligned for any type, NULL if there is none
    void (*release)(void *memory);  // as free
} greenlet_allocator_t;
void greenlet_set_allocator(const greenlet_allocator_t *allocator);

// Says where the current greenlet is in the source; a string that stays. NULL: nowhere.
void greenlet_mark_site(const char *site);

#ifdef GREENLET_SITES
#define GREENLET_TEXT_(token) #token
#define GREENLET_TEXT(token) GREENLET_TEXT_(token)
#define GREENLET_SITE __FILE__ ":" GREENLET_TEXT(__LINE__)
#define greenlet_switch(target, value, result)                                                     \
    (greenlet_mark_site(GREENLET_SITE), greenlet_switch(target, value, result))
#define greenlet_throw(target, error, result)                                                      \
    (greenlet_mark_site(GREENLET_SITE), greenlet_throw(target, error, result))
#endif

#ifdef __cplusplus
}
#endif
#endif
