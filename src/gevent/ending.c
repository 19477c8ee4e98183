// SPDX-License-Identifier: MIT
#include "ending.h"

#include "../fatal.h"
#include "cleanup.h"

void ending_kill_hard(gevent_task_t *task) {
    if (gevent_kill_hard(task) < 0)
        fatal(GREENLET_EINVAL, "%s cannot be killed, but what it uses is going away",
              greenlet_name(task->greenlet));
}

typedef struct end_wait {
    wait_t wait;
    gevent_task_t *task; // owned
} end_wait_t;

static void drop_task(wait_t *wait) {
    gevent_task_unref(LIST_ITEM(wait, end_wait_t, wait)->task);
}

static int wait_for_end(gevent_task_t *task) {
    end_wait_t end = {
        .wait = {.what = "end", .whom = task->greenlet, .ignores_cancel = 1, .cancel = drop_task},
        .task = gevent_task_ref(task)};
    int code = waiters_wait(&task->waiters, &end.wait, GEVENT_FOREVER);
    if (code >= 0) gevent_task_unref(task);
    return code;
}

void ending_join(ending_t *ending, gevent_task_t *task) {
    while (task->status == GEVENT_PENDING) {
        int code = wait_for_end(task);
        if (code >= 0) continue;
        greenlet_error_t *error = greenlet_error_claim(code);
        if (!ending->interruption) {
            ending->interruption = error;
            continue;
        }
        greenlet_error_unref(error);
        ending_kill_hard(task);
    }
}

int task_outcome(const gevent_task_t *task, void **value) {
    if (task->error) return greenlet_error_restore(greenlet_error_ref(task->error));
    if (value) *value = task->value;
    return GREENLET_OK;
}

int task_outcome_within(gevent_task_t *task, double seconds, void **value) {
    int code = gevent_join(task, seconds);
    if (code >= 0) return task_outcome(task, value);
    ending_t ending = {NULL};
    if (code != GREENLET_ETIMEDOUT) ending.interruption = greenlet_error_claim(code);
    (void)gevent_kill(task, NULL, GEVENT_NOWAIT); // without memory for that it is waited for
    ending_join(&ending, task);
    if (ending.interruption) return greenlet_error_restore(ending.interruption);
    if (task->status == GEVENT_KILLED) return greenlet_fail(GREENLET_ETIMEDOUT);
    return task_outcome(task, value);
}

// The caller is gone, and with it perhaps the argument.
static void abandon(void *argument) {
    ending_kill_hard(argument);
    gevent_task_unref(argument);
}

int task_outcome_for_caller(gevent_task_t *task, void **value) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, abandon, task);
    int code = task_outcome_within(task, GEVENT_FOREVER, value);
    gevent_cleanup_pop(&cleanup, 0);
    gevent_task_unref(task);
    return code;
}
