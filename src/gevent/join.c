// Waiting for the outcome of a task.
//
// SPDX-License-Identifier: MIT
#include "task_internal.h"

typedef struct join {
    wait_t wait;
    gevent_task_t *task; // owned
} join_t;

static void drop_task(wait_t *wait) {
    gevent_task_unref(LIST_ITEM(wait, join_t, wait)->task);
}

int task_wait(gevent_task_t *task, int64_t deadline) {
    join_t join = {.wait = {.what = "join", .whom = task->greenlet, .cancel = drop_task},
                   .task = task};
    waiter_t place = {.tell = waiter_resume};
    waiters_add_place(&task->waiters, &place, &join.wait);
    return wait_until(&join.wait, deadline);
}

// As task_wait, but the reference is a new one.
static int wait_for_task(gevent_task_t *task, double seconds) {
    if (task->greenlet == greenlet_current() && seconds == GEVENT_FOREVER)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EDEADLK), "%s waits for itself",
                              greenlet_name(task->greenlet));
    return task_wait(gevent_task_ref(task), hub_deadline(hub_get(), seconds));
}

int gevent_join(gevent_task_t *task, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (task->status != GEVENT_PENDING) return GREENLET_OK;
    int code = wait_for_task(task, seconds);
    if (code == WAIT_TIMED_OUT) return greenlet_fail(GREENLET_ETIMEDOUT);
    if (code == GREENLET_OK) gevent_task_unref(task);
    return code;
}

static int take_outcome(const gevent_task_t *task, void **value) {
    if (task->status == GEVENT_FAILED)
        return greenlet_error_restore(greenlet_error_ref(task->error));
    if (value) *value = task->value;
    return GREENLET_OK;
}

int gevent_get(gevent_task_t *task, double seconds, void **value) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (task->status != GEVENT_PENDING) return take_outcome(task, value);
    int code = wait_for_task(task, seconds);
    if (code == WAIT_TIMED_OUT) return greenlet_fail(GREENLET_EPENDING);
    if (code < 0) return code;
    code = take_outcome(task, value);
    gevent_task_unref(task);
    return code;
}
