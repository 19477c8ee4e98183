// What a host may know of a task beyond gevent.h.
#ifndef GREENLET_TASK_INTERNAL_H
#define GREENLET_TASK_INTERNAL_H

#include "waiters.h"

struct gevent_task {
    greenlet_t *greenlet; // owned
    greenlet_run_fn run;
    void *argument;
    callback_t start;
    waiters_t waiters;
    gevent_scope_t *scope; // that joins it, or NULL
    list_t in_scope;
    void *value;
    greenlet_error_t *error; // owned; the exit object of one that was killed
    // A host's: told in the task when its outcome is known; then the host reports failures.
    void (*finished)(gevent_task_t *task);
    void *host;
    unsigned refs;
    gevent_status_t status;
};

// Records how a task has ended (takes the error) and queues those who wait for that.
void task_finish(gevent_task_t *task, void *value, greenlet_error_t *error);
// Ends a task that has not been started, as having failed with `error` or been killed by it.
void task_finish_unstarted(gevent_task_t *task, const greenlet_error_t *error);

#endif
