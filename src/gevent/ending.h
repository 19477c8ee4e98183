// Tasks that must have ended before their caller goes on, since they may use what is his.
#ifndef GREENLET_ENDING_H
#define GREENLET_ENDING_H

#include "task_internal.h"

// What was thrown into the caller while he saw to the end of tasks, or before; all zero: nothing.
typedef struct ending {
    greenlet_error_t *interruption; // owned
} ending_t;

// Waits until a task, which has been killed, has finished. Goes on waiting after a first error that
// is thrown in meanwhile; after a second one, or if nothing could wake the caller, it kills hard.
void ending_join(ending_t *ending, gevent_task_t *task);
// The same, for a caller who must not wait.
void ending_kill_hard(gevent_task_t *task);

// What a task has left: its value, or fails with its error, as one that was killed does.
int task_outcome(const gevent_task_t *task, void **value);

// Waits for that, at most `seconds`. If it has not come by then, or an error was thrown in
// meanwhile, kills the task and sees to its end. GREENLET_ETIMEDOUT if it then was killed.
int task_outcome_within(gevent_task_t *task, double seconds, void **value);
// The same without a limit, for a task that may use the caller's frames: it ends with these, too.
// Takes the reference.
int task_outcome_for_caller(gevent_task_t *task, void **value);

#endif
