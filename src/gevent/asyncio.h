// What users of asyncio look for and the rest has no other name for. Where each of its nouns is:
// docs/gevent.md.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_ASYNCIO_H
#define GEVENT_ASYNCIO_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// In these a task that was killed has failed, with the error of that, as a cancelled one has in
// asyncio. When an error is thrown into the caller while he waits, the tasks are killed and waited
// for, and it is returned; after a second one they are killed hard (cleanup.h).

// Runs `run(argument, &value)` in a task and waits for what that returns; other tasks are not
// waited for. Fails as it does, or with GREENLET_EDEADLK when nothing could wake it.
// GREENLET_EINVAL, GREENLET_ENOMEM. (asyncio: run_until_complete, run)
int gevent_run_until_complete(greenlet_run_fn run, void *argument, void **value);

// Waits for a task, at most `seconds`. GREENLET_ETIMEDOUT: it was killed, and has ended; one that
// ended otherwise after that still gives its value or error. GREENLET_EINVAL (no task, or the
// current one), GREENLET_ENOMEM. (asyncio: wait_for; gevent_with_timeout needs no task)
int gevent_wait_for(gevent_task_t *task, double seconds, void **value);

// Waits for `count` tasks; their values go into `values` (NULL: nowhere), in the order of `tasks`.
//   errors  NULL: fails with the error of the first, in time, that failed, while the others go on,
//           or once all have finished with that of one which was killed; `values` is untouched.
//           Else gets, for each, the error (a reference that the caller owns; its value is then
//           NULL) or NULL
// GREENLET_EINVAL, GREENLET_ENOMEM. (asyncio: gather and its return_exceptions)
int gevent_gather(gevent_task_t *const *tasks, size_t count, void **values,
                  greenlet_error_t **errors);

#ifdef __cplusplus
}
#endif
#endif
