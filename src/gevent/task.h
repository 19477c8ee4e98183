// Tasks: greenlets run by the hub, each with an outcome that others can wait for.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_TASK_H
#define GEVENT_TASK_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// A greenlet run by the hub, with its outcome. Reference-counted; the hub owns those that are to
// run and have not finished, so that to drop the handle ends nothing. (gevent: Greenlet)
typedef struct gevent_task gevent_task_t;

// ---- life ---------------------------------------------------------------------------------------

// Makes a task that will run `run(argument, &value)`, after the caller has next waited; tasks start
// in the order in which they were spawned. May be called from anywhere, hub callbacks included.
//   argument  the program's; for as long as the task runs
//   task      gets a handle that the caller owns; NULL: the task is left to the hub
// GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: spawn)
int gevent_spawn(greenlet_run_fn run, void *argument, gevent_task_t **task);

// The same, but it starts in `seconds`; with 0 or less after all who are ready. If it is killed
// before, it never runs. GEVENT_FOREVER: it can only be killed. (gevent: spawn_later)
int gevent_spawn_later(double seconds, greenlet_run_fn run, void *argument, gevent_task_t **task);

// Makes one that is not to run yet; it is freed with its last handle if nobody starts it. `task` is
// not NULL (GREENLET_EINVAL); else as gevent_spawn. (gevent: Greenlet())
int gevent_new(greenlet_run_fn run, void *argument, gevent_task_t **task);
// Starts it, as gevent_spawn and gevent_spawn_later do. Does nothing, successfully, if it has been
// started, by whichever of these calls, or killed. GREENLET_EINVAL (no task). From anywhere.
// (gevent: start, start_later)
int gevent_start(gevent_task_t *task);
int gevent_start_later(gevent_task_t *task, double seconds);

// Lets the task own its argument: `release(argument)` is called, once, when it has finished, or is
// freed without having run; at once if it has finished. It must not wait, and may be called in
// whoever kills the task. (gevent: args, which a finished Greenlet drops)
void gevent_own_argument(gevent_task_t *task, void (*release)(void *argument));

// A greenlet that the hub runs without a task: nobody can join it, get its value or kill it, and
// gevent_run does not wait for it. An error of it is told to the unhandled hook. Else as
// gevent_spawn.
//   greenlet  gets a reference that the caller owns; NULL: it goes when it has ended
// (gevent: spawn_raw)
int gevent_spawn_raw(greenlet_run_fn run, void *argument, greenlet_t **greenlet);

// Adds a reference and returns its argument; drops one. NULL is allowed. From anywhere: neither
// switches, and a task that is to run goes on without handles.
gevent_task_t *gevent_task_ref(gevent_task_t *task);
void gevent_task_unref(gevent_task_t *task);

// The task's greenlet: borrowed. Its stack size can be set before it starts.
greenlet_t *gevent_task_greenlet(const gevent_task_t *task);

// The task that is running; borrowed, NULL outside of tasks.
gevent_task_t *gevent_current_task(void);

// ---- outcome ------------------------------------------------------------------------------------

typedef enum gevent_status {
    GEVENT_PENDING,  // has not finished
    GEVENT_RETURNED, // with a value
    GEVENT_KILLED,   // by GREENLET_EXIT, which is a success; the value is the exit object
    GEVENT_FAILED    // with an error
} gevent_status_t;
// Whether and how it has ended. From anywhere.
gevent_status_t gevent_status(const gevent_task_t *task);

// The same as questions, 1 or 0, from anywhere. (gevent: started, dead, ready(), successful())
//   started     it was started, be it for later, and has not finished
//   dead        its greenlet has ended or will never run; not yet while it finishes
//   ready       it has finished: its status is not GEVENT_PENDING
//   successful  it has returned or was killed by GREENLET_EXIT
int gevent_started(const gevent_task_t *task);
int gevent_dead(const gevent_task_t *task);
int gevent_ready(const gevent_task_t *task);
int gevent_successful(const gevent_task_t *task);

// What it left: borrowed, for as long as the task lives. The value is that of one that returned,
// the exit object (a greenlet_error_t *) of one that was killed, else NULL; the error is that of
// one that failed, else NULL. (gevent: value, exception)
void *gevent_value(const gevent_task_t *task);
const greenlet_error_t *gevent_error(const gevent_task_t *task);

// ---- waiting for it -----------------------------------------------------------------------------

// Waits until the task has finished, however it did. GREENLET_OK, or GREENLET_ETIMEDOUT after
// `seconds`; GREENLET_EDEADLK at once for a task that waits for itself for ever; GREENLET_EINVAL
// (no task). (gevent: join)
int gevent_join(gevent_task_t *task, double seconds);

// Waits likewise, and fails with the task's own error if it failed; else stores gevent_value.
// GREENLET_EPENDING if it has not finished after `seconds`. (gevent: get)
int gevent_get(gevent_task_t *task, double seconds, void **value);

// Waits until `count` of `length` tasks have finished (0, or more than there are: all), at most
// `seconds`; not at all if they have. A task that is there twice counts twice.
//   flags     GEVENT_RAISE: fails with the error of the first task, in time, that failed; 0
//   finished  gets those that have, in the order in which they did (those that had before the call
//             come first, as they are in `tasks`); room for `length`, borrowed; NULL: nowhere
// Returns how many have, fewer than asked for after `seconds`. GREENLET_EINVAL (no tasks),
// GREENLET_ENOMEM. (gevent: joinall)
enum { GEVENT_RAISE = 1 };
int gevent_joinall(gevent_task_t *const *tasks, size_t length, double seconds, unsigned flags,
                   size_t count, gevent_task_t **finished);

// ---- kill ---------------------------------------------------------------------------------------

// Ends a task: `error` (borrowed; NULL: GREENLET_EXIT) is thrown into it, through the queue, so
// that one that is about to be woken goes on once more first; one that has not started never runs.
// Waits until it is dead, at most `seconds` (GEVENT_NOWAIT: not at all). With GEVENT_NOWAIT it may
// be called from anywhere. A task that kills itself dies in this call, with GEVENT_NOWAIT when it
// next waits. GREENLET_OK also for one that had finished; GREENLET_ETIMEDOUT if it lives on;
// GREENLET_EINVAL (no task, an error whose code is not negative), GREENLET_ENOMEM. (gevent: kill)
int gevent_kill(gevent_task_t *task, const greenlet_error_t *error, double seconds);

// Ends `length` tasks likewise, all of them before it waits. Returns how many are still alive: 0,
// or more after `seconds` (with GEVENT_NOWAIT as a rule those that had started). GREENLET_EINVAL
// and GREENLET_ENOMEM: none was killed. (gevent: killall)
int gevent_killall(gevent_task_t *const *tasks, size_t length, const greenlet_error_t *error,
                   double seconds);

// ---- names --------------------------------------------------------------------------------------

// A name for reports and errors: that of its greenlet, see greenlet_set_name. (gevent: name)
int gevent_set_name(gevent_task_t *task, const char *name);
const char *gevent_name(const gevent_task_t *task);

// The smallest number, from 0 on, that no other task of this thread had when this one first asked;
// it is free again when the task is freed. An index for tables of the program's. GREENLET_ENOMEM.
// (gevent: minimal_ident)
int gevent_minimal_ident(gevent_task_t *task, uint32_t *ident);
// The task that has a number: borrowed; NULL if none has, or another than that whose greenlet has
// `id` (greenlet_id), which is never used again.
gevent_task_t *gevent_find_task(uint32_t ident, uint64_t id);

// Writes one line that says what it runs, in which state it is and who spawned it where (as far as
// known, see spawn_tree.h), NUL-terminated, into `size` bytes (0: `buffer` may be NULL). Returns
// the length that it has or would have, as snprintf. From anywhere. (gevent: repr)
size_t gevent_task_describe(const gevent_task_t *task, char *buffer, size_t size);

// Says where the next task of this thread is made, "file:line", and what it will run; strings that
// stay. Code that is compiled with GREENLET_SITES defined says it for each.
void gevent_mark_spawn(const char *site, const char *run_name);

#ifdef GREENLET_SITES
#define gevent_spawn(run, argument, task)                                                          \
    (gevent_mark_spawn(GREENLET_SITE, #run), gevent_spawn(run, argument, task))
#define gevent_spawn_later(seconds, run, argument, task)                                           \
    (gevent_mark_spawn(GREENLET_SITE, #run), gevent_spawn_later(seconds, run, argument, task))
#define gevent_new(run, argument, task)                                                            \
    (gevent_mark_spawn(GREENLET_SITE, #run), gevent_new(run, argument, task))
#endif

#ifdef __cplusplus
}
#endif
#endif
