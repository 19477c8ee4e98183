// Clean-up that is done even if a task is killed hard.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_CLEANUP_H
#define GEVENT_CLEANUP_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// Something to be done when a stretch of code is left. Lives where the caller puts it.
//   gevent_cleanup_t close_it;
//   gevent_cleanup_push(&close_it, close_file, file);
//   …
//   gevent_cleanup_pop(&close_it, 1);
typedef struct gevent_cleanup {
    struct gevent_cleanup *previous; // private, as all of it
    void (*run)(void *argument);
    void *argument;
} gevent_cleanup_t;

// Puts it on top of those of the current greenlet. (POSIX: pthread_cleanup_push)
void gevent_cleanup_push(gevent_cleanup_t *cleanup, void (*run)(void *argument), void *argument);

// Takes it off, with those that are above it still; if `runs`, each is called, the last pushed
// first. Nothing if it is not there any more. (POSIX: pthread_cleanup_pop)
void gevent_cleanup_pop(gevent_cleanup_t *cleanup, int runs);

// Ends a task at once, whether it wants to or not: its clean-up is called, the last pushed first,
// and then its stack is dropped as it is. Nothing that only its frames know of is freed; C++
// destructors do not run. The tasks of scopes that it has open are killed likewise, first. The body
// of a generator that it is advancing ends with it, before it. Clean-up
// runs in the caller, where it must not wait (GREENLET_EFORBIDDEN). For a task that swallows
// gevent_kill; it ends as killed. From anywhere but the task itself and such a body
// (GREENLET_EINVAL, as for no task); GREENLET_EJSFRAME if a JavaScript frame lies on its stack.
// (ours; pthread_cancel, asynchronous)
int gevent_kill_hard(gevent_task_t *task);

#ifdef __cplusplus
}
#endif
#endif
