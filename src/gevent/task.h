// Tasks: greenlets run by the hub, each with an outcome that others can wait for.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_TASK_H
#define GEVENT_TASK_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// A greenlet run by the hub, with its outcome. Reference-counted; the hub owns those that have not
// finished, so that to drop the handle ends nothing. (gevent: Greenlet)
typedef struct gevent_task gevent_task_t;

// Makes a task that will run `run(argument, &value)`, after the caller has next waited; tasks start
// in the order in which they were spawned. May be called from anywhere, hub callbacks included.
//   argument  the program's; for as long as the task runs
//   task      gets a handle that the caller owns; NULL: the task is left to the hub
// GREENLET_EINVAL (no run), GREENLET_ENOMEM. (gevent: spawn)
int gevent_spawn(greenlet_run_fn run, void *argument, gevent_task_t **task);

// Adds a reference and returns its argument; drops one. NULL is allowed. From anywhere: neither
// switches, and a task that has not finished goes on without handles.
gevent_task_t *gevent_task_ref(gevent_task_t *task);
void gevent_task_unref(gevent_task_t *task);

// The task's greenlet: borrowed. Its name and its stack size can be set before it starts.
greenlet_t *gevent_task_greenlet(const gevent_task_t *task);

// The task that is running; borrowed, NULL outside of tasks.
gevent_task_t *gevent_current_task(void);

typedef enum gevent_status {
    GEVENT_PENDING,  // has not finished
    GEVENT_RETURNED, // with a value
    GEVENT_KILLED,   // by GREENLET_EXIT, which is a success; the value is the exit object
    GEVENT_FAILED    // with an error
} gevent_status_t;
// Whether and how it has ended. From anywhere.
gevent_status_t gevent_status(const gevent_task_t *task);

// What it left: borrowed, for as long as the task lives. The value is that of one that returned,
// the exit object (a greenlet_error_t *) of one that was killed, else NULL; the error is that of
// one that failed, else NULL. (gevent: value, exception)
void *gevent_value(const gevent_task_t *task);
const greenlet_error_t *gevent_error(const gevent_task_t *task);

// Waits until the task has finished, however it did. GREENLET_OK, or GREENLET_ETIMEDOUT after
// `seconds`; GREENLET_EDEADLK at once for a task that waits for itself for ever; GREENLET_EINVAL
// (no task). (gevent: join)
int gevent_join(gevent_task_t *task, double seconds);

// Waits likewise, and fails with the task's own error if it failed; else stores gevent_value.
// GREENLET_EPENDING if it has not finished after `seconds`. (gevent: get)
int gevent_get(gevent_task_t *task, double seconds, void **value);

// Ends a task: `error` (borrowed; NULL: GREENLET_EXIT) is thrown into it, through the queue; one
// that has not started never runs. Waits until it is dead, at most `seconds` (GEVENT_NOWAIT: not at
// all). With GEVENT_NOWAIT it may be called from anywhere. GREENLET_OK also for one that had
// finished; GREENLET_ETIMEDOUT if it lives on; GREENLET_EINVAL (no task), GREENLET_ENOMEM. (gevent:
// kill)
int gevent_kill(gevent_task_t *task, const greenlet_error_t *error, double seconds);

#ifdef __cplusplus
}
#endif
#endif
