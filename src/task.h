// What a host may know of a task beyond gevent.h.
#ifndef GREENLET_TASK_H
#define GREENLET_TASK_H

#include "hub.h"

struct gevent_task {
    greenlet_t *greenlet; // owned
    greenlet_run_fn run;
    void *argument;
    callback_t start;
    list_t joiners;
    void *value;
    greenlet_error_t *error; // owned; the exit object of one that was killed
    // A host's: told in the task when its outcome is known; then the host reports failures.
    void (*finished)(gevent_task_t *task);
    void *host;
    unsigned refs;
    gevent_status_t status;
};

#endif
