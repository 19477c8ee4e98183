// SPDX-License-Identifier: MIT
#include "asyncio.h"

#include "ending.h"

int gevent_run_until_complete(greenlet_run_fn run, void *argument, void **value) {
    gevent_task_t *task;
    int code = gevent_spawn(run, argument, &task);
    return code < 0 ? code : task_outcome_for_caller(task, value);
}

int gevent_wait_for(gevent_task_t *task, double seconds, void **value) {
    if (!task || task == gevent_current_task()) return greenlet_fail(GREENLET_EINVAL);
    return task_outcome_within(task, seconds, value);
}

// ---- gather -------------------------------------------------------------------------------------

// `interruption`: the code with which the wait for them failed.
static int end_all(gevent_task_t *const *tasks, size_t count, int interruption) {
    ending_t ending = {greenlet_error_claim(interruption)};
    for (size_t i = 0; i < count; i++) (void)gevent_kill(tasks[i], NULL, GEVENT_NOWAIT);
    for (size_t i = 0; i < count; i++) ending_join(&ending, tasks[i]);
    return greenlet_error_restore(ending.interruption);
}

static void store(gevent_task_t *const *tasks, size_t count, void **values,
                  greenlet_error_t **errors) {
    for (size_t i = 0; i < count; i++) {
        const greenlet_error_t *error = tasks[i]->error;
        if (values) values[i] = error ? NULL : tasks[i]->value;
        if (errors) errors[i] = greenlet_error_ref(error);
    }
}

static int first_error(gevent_task_t *const *tasks, size_t count) {
    int code = GREENLET_OK;
    for (size_t i = 0; i < count && code >= 0; i++) code = task_outcome(tasks[i], NULL);
    return code;
}

// Whether it was one of the tasks that failed, and not the wait for them.
static int is_error_of_any(gevent_task_t *const *tasks, size_t count) {
    const greenlet_error_t *error = greenlet_last_error();
    for (size_t i = 0; i < count; i++)
        if (gevent_error(tasks[i]) == error) return 1;
    return 0;
}

int gevent_gather(gevent_task_t *const *tasks, size_t count, void **values,
                  greenlet_error_t **errors) {
    unsigned flags = errors ? 0 : GEVENT_RAISE;
    int code = gevent_joinall(tasks, count, GEVENT_FOREVER, flags, count, NULL);
    if (code == GREENLET_EINVAL) return code;
    if (code < 0) return is_error_of_any(tasks, count) ? code : end_all(tasks, count, code);
    if (!errors) code = first_error(tasks, count);
    if (code < 0) return code;
    store(tasks, count, values, errors);
    return GREENLET_OK;
}
