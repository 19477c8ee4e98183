// Tasks: how they are made, start and end.
//
// SPDX-License-Identifier: MIT
#include "task_internal.h"

#include <assert.h>

#include "../memory.h"
#include "link.h"
#include "scope_internal.h"

static int task_main(void *value, void **result);

// ---- references ---------------------------------------------------------------------------------

gevent_task_t *gevent_task_ref(gevent_task_t *task) {
    if (task) task->refs++;
    return task;
}

static void release_argument(gevent_task_t *task) {
    void (*release)(void *) = task->release_argument;
    task->release_argument = NULL;
    if (release) release(task->argument);
}

static void free_task(gevent_task_t *task) {
    greenlet_set_user(task->greenlet, NULL, NULL);
    greenlet_unref(task->greenlet);
    greenlet_error_unref(task->error);
    release_argument(task);
    task_leave_tree(task);
    list_remove(&task->due);
    task_release_ident(task);
    memory_free(task);
}

// Who waits has a reference; so what is left waiting are links. They are called, unless nobody can
// start the task any more.
void gevent_task_unref(gevent_task_t *task) {
    assert((!task || task->refs > 0) && "dropped once too often");
    if (!task || --task->refs > 0) return;
    if (task->status == GEVENT_PENDING) gevent_unlink_all(task);
    if (waiters_are_none(&task->waiters))
        free_task(task);
    else if (list_is_empty(&task->due))
        list_append(&hub_get()->due_tasks, &task->due);
}

// ---- making and starting ------------------------------------------------------------------------

// A task for whose stack there is no memory has failed.
static void start_task(callback_t *callback) {
    gevent_task_t *task = gevent_task_ref(LIST_ITEM(callback, gevent_task_t, start.callback));
    list_remove(&task->due);
    int code = greenlet_switch(task->greenlet, task, NULL);
    if (!greenlet_started(task->greenlet))
        task_finish_unstarted(task, greenlet_last_error());
    else if (code < 0)
        hub_report_unhandled(task->greenlet, greenlet_last_error());
    gevent_task_unref(task);
}

// 0 or a code, with the last error set.
static int make_task(hub_t *hub, greenlet_run_fn run, void *argument, gevent_task_t **result) {
    gevent_task_t *task = memory_alloc_zeroed(sizeof *task);
    if (!task) return greenlet_fail(GREENLET_ENOMEM);
    int code = greenlet_new(task_main, hub->greenlet, &task->greenlet);
    if (code < 0) {
        memory_free(task);
        return code;
    }
    greenlet_set_user(task->greenlet, task, NULL);
    list_init(&task->kills);
    task->run = run;
    task->argument = argument;
    task->refs = 1;
    *result = task;
    return GREENLET_OK;
}

int gevent_new(greenlet_run_fn run, void *argument, gevent_task_t **result) {
    if (!run || !result) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    gevent_task_t *task = NULL;
    int code = make_task(hub, run, argument, &task);
    if (code < 0) return code;
    if (task_enter_tree(task) < 0) {
        gevent_task_unref(task);
        return greenlet_fail(GREENLET_ENOMEM);
    }
    *result = task;
    return GREENLET_OK;
}

// Gives it to the hub. 0 if it has been given to it, or ended, before.
static int take_start(hub_t *hub, gevent_task_t *task) {
    if (task->has_start || task->status != GEVENT_PENDING) return 0;
    task->has_start = 1;
    task->start.callback.run = start_task;
    gevent_task_ref(task);
    hub->tasks++;
    list_append(&hub->due_tasks, &task->due);
    task_tell_hooks(task);
    return task->status == GEVENT_PENDING; // a hook may have killed it
}

int gevent_start(gevent_task_t *task) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    if (take_start(hub, task)) hub_call(hub, &task->start.callback);
    return GREENLET_OK;
}

int gevent_start_later(gevent_task_t *task, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    if (take_start(hub, task))
        hub_start_timer(hub, &task->start, hub_deadline(hub, seconds), start_task);
    return GREENLET_OK;
}

static int hand_out(gevent_task_t *task, gevent_task_t **result) {
    if (result)
        *result = task;
    else
        gevent_task_unref(task);
    return GREENLET_OK;
}

int gevent_spawn(greenlet_run_fn run, void *argument, gevent_task_t **result) {
    gevent_task_t *task = NULL;
    int code = gevent_new(run, argument, &task);
    if (code < 0) return code;
    (void)gevent_start(task);
    return hand_out(task, result);
}

int gevent_spawn_later(double seconds, greenlet_run_fn run, void *argument,
                       gevent_task_t **result) {
    gevent_task_t *task = NULL;
    int code = gevent_new(run, argument, &task);
    if (code < 0) return code;
    (void)gevent_start_later(task, seconds);
    return hand_out(task, result);
}

void gevent_own_argument(gevent_task_t *task, void (*release)(void *argument)) {
    task->release_argument = release;
    if (task->status != GEVENT_PENDING) release_argument(task);
}

greenlet_t *gevent_task_greenlet(const gevent_task_t *task) {
    return task->greenlet;
}

gevent_task_t *task_of(const greenlet_t *greenlet) {
    return greenlet->run == task_main ? greenlet_user(greenlet) : NULL;
}

gevent_task_t *gevent_current_task(void) {
    return task_of(greenlet_current());
}

// ---- ending -------------------------------------------------------------------------------------

void task_finish(gevent_task_t *task, void *value, greenlet_error_t *error) {
    int is_exit = greenlet_error_is(error, &GREENLET_EXIT);
    task->error = error;
    task->value = is_exit ? error : error ? NULL : value;
    task->status = is_exit ? GEVENT_KILLED : error ? GEVENT_FAILED : GEVENT_RETURNED;
    if (task->has_start) hub_get()->tasks--;
    int is_taken = scope_member_finished(task) || task->finished;
    if (task->status == GEVENT_FAILED && !is_taken) hub_report_unhandled(task->greenlet, error);
    if (task->finished) task->finished(task);
    release_argument(task);
    kill_forget(task);
    waiters_notify(&task->waiters, waiters_tell_all);
    if (task->has_start) gevent_task_unref(task); // the hub's reference
}

void task_finish_unstarted(gevent_task_t *task, const greenlet_error_t *error) {
    list_remove(&task->due);
    hub_stop_timer(&task->start);
    task->greenlet->state = STATE_DEAD;
    task_finish(task, NULL, greenlet_error_ref(error));
}

void task_forget_due(hub_t *hub) {
    while (!list_is_empty(&hub->due_tasks)) {
        gevent_task_t *task = gevent_task_ref(LIST_ITEM(hub->due_tasks.next, gevent_task_t, due));
        if (task->status == GEVENT_PENDING) task_finish_unstarted(task, &greenlet_exit_error);
        gevent_unlink_all(task);
        list_remove(&task->due);
        gevent_task_unref(task);
    }
}

static int task_main(void *value, void **result) {
    gevent_task_t *task = value;
    void *outcome = NULL;
    (void)result;
    int code = task->run(task->argument, &outcome);
    task_finish(task, outcome, code < 0 ? greenlet_error_claim(code) : NULL);
    return GREENLET_OK;
}

// ---- outcome ------------------------------------------------------------------------------------

gevent_status_t gevent_status(const gevent_task_t *task) {
    return task->status;
}

int gevent_started(const gevent_task_t *task) {
    return task->has_start && task->status == GEVENT_PENDING;
}

int gevent_dead(const gevent_task_t *task) {
    return greenlet_dead(task->greenlet);
}

int gevent_ready(const gevent_task_t *task) {
    return task->status != GEVENT_PENDING;
}

int gevent_successful(const gevent_task_t *task) {
    return task->status == GEVENT_RETURNED || task->status == GEVENT_KILLED;
}

void *gevent_value(const gevent_task_t *task) {
    return task->value;
}

const greenlet_error_t *gevent_error(const gevent_task_t *task) {
    return task->status == GEVENT_FAILED ? task->error : NULL;
}
