// Scopes: children that cannot outlive the code that started them, and cancellation that stays.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SCOPE_H
#define GEVENT_SCOPE_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// A stretch of code of one greenlet, and the tasks that were started for it. The stretch does not
// end before they have, so that they may be given pointers to its locals:
//
//   gevent_scope_t scope;
//   int code = gevent_scope_open(&scope, 5.0);
//   if (code < 0) return code;
//   for (int i = 0; code >= 0 && i < count; i++) code = gevent_scope_spawn(&scope, work, &local[i],
//   NULL); return gevent_scope_close(&scope, code);
//
// A scope that is cancelled (by gevent_scope_cancel, its deadline, a child or the stretch itself
// that fails) stays so: from then on every call that waits, in the stretch, in its children, and in
// scopes within these, fails at once, with GREENLET_ECANCELED; in the stretch itself with
// GREENLET_EEXPIRED if it was the deadline. The body of a generator that is advanced in there is
// part of it for so long. Lives where the caller puts it. A run function that
// returns without having closed its scopes ends the process or instance with a message. (trio:
// nursery and CancelScope; libdill: bundle)
typedef struct gevent_scope gevent_scope_t;

// Opens one for the current greenlet, within those that it has open.
//   seconds  until it is cancelled; GEVENT_FOREVER: never
// GREENLET_ENOMEM, GREENLET_EINVAL (no scope); GREENLET_EHUB, GREENLET_EWOULDBLOCK where closing it
// could not wait.
int gevent_scope_open(gevent_scope_t *scope, double seconds);

// The same, but what comes from outside waits until it is closed: kills of the greenlet, timeouts
// that it had started before, cancellation of the scopes around it. For clean-up that must itself
// wait; `seconds` is how long it may take. (trio: shield)
int gevent_scope_open_shielded(gevent_scope_t *scope, double seconds);

// As gevent_spawn, for a task that the scope waits for. In the greenlet that opened it or in any
// other, while it has not been closed. A failure of the task cancels the scope and is what closing
// it fails with. GREENLET_ECANCELED once the scope is cancelled; GREENLET_EINVAL, GREENLET_ENOMEM.
int gevent_scope_spawn(gevent_scope_t *scope, greenlet_run_fn run, void *argument,
                       gevent_task_t **task);

// Cancels it: children that have not started never run, whoever waits in it fails, after the caller
// has next waited. From anywhere; does nothing to one that is cancelled.
void gevent_scope_cancel(gevent_scope_t *scope);
int gevent_scope_is_cancelled(const gevent_scope_t *scope);
// 1 if it was its deadline that cancelled it.
int gevent_scope_expired(const gevent_scope_t *scope);
// How many of its children have failed.
size_t gevent_scope_failures(const gevent_scope_t *scope);

// Waits until all children have finished, whatever happens, and leaves the scope; it must be the
// innermost of the current greenlet (GREENLET_EINVAL).
//   code  how the stretch went; negative: with the last error, and the children are cancelled
// Returns, the first that applies:
//   - an error that was thrown into this greenlet while it waited: the children are then cancelled;
//     after a second one, or if nobody could end the wait, they are killed hard (cleanup.h)
//   - `code` with its error, if the stretch failed otherwise than by this scope's cancellation
//   - the error of the first child that failed
//   - GREENLET_EEXPIRED, if the deadline stopped the stretch or a child; gevent_scope_expired
//   - GEVENT_CANCELLED, a success, if gevent_scope_cancel did
//   - GREENLET_OK
// What was held off by a shield is delivered when the greenlet next waits.
enum { GEVENT_CANCELLED = 1 };
int gevent_scope_close(gevent_scope_t *scope, int code);

// Fails as a call that waits would if the current greenlet is in a cancelled scope; does not wait.
// For code that computes long. From anywhere.
int gevent_check_cancelled(void);

// Seconds until the nearest deadline of the timeouts and scopes that the current greenlet is in;
// GEVENT_FOREVER if none, 0 if it is over. From anywhere. (trio: current_effective_deadline)
double gevent_time_left(void);

// ---- private ------------------------------------------------------------------------------------

struct gevent_scope {
    struct gevent_scope *parent;  // around it
    struct gevent_link inner;     // scopes directly within it
    struct gevent_link in_parent; // its place in there
    struct gevent_link visit;     // its place among those that are being cancelled
    struct gevent_link members;   // tasks that have not finished
    struct gevent_link deferred;  // callbacks that a shield holds off
    struct gevent_timer_node timer;
    struct greenlet *owner;
    struct wait *closing; // the owner's, or NULL
    struct greenlet_error *cancelled, *expired, *failure;
    size_t failures;
    unsigned char is_shielded, is_cancelled, has_expired, took_effect, is_closing;
};

#ifdef GREENLET_SITES
#define gevent_scope_spawn(scope, run, argument, task)                                             \
    (gevent_mark_spawn(GREENLET_SITE, #run), gevent_scope_spawn(scope, run, argument, task))
#endif

#ifdef __cplusplus
}
#endif
#endif
