// Tasks: greenlets run by the hub, their outcomes, and who waits for these.
//
// SPDX-License-Identifier: MIT
#include "task_internal.h"

#include <assert.h>

#include "../memory.h"
#include "scope_internal.h"

typedef struct kill {
    callback_t callback;
    gevent_task_t *task;     // owned
    greenlet_error_t *error; // owned
    struct killer *killer;   // NULL: nobody waits
} kill_t;

typedef struct killer {
    wait_t wait;
    kill_t *kill; // NULL: delivered
} killer_t;

static int task_main(void *value, void **result);

// ---- life ---------------------------------------------------------------------------------------

gevent_task_t *gevent_task_ref(gevent_task_t *task) {
    if (task) task->refs++;
    return task;
}

void gevent_task_unref(gevent_task_t *task) {
    assert((!task || task->refs > 0) && "dropped once too often");
    if (!task || --task->refs > 0) return;
    greenlet_set_user(task->greenlet, NULL, NULL);
    greenlet_unref(task->greenlet);
    greenlet_error_unref(task->error);
    memory_free(task);
}

// A task for whose stack there is no memory has failed.
static void start_task(callback_t *callback) {
    gevent_task_t *task = gevent_task_ref(LIST_ITEM(callback, gevent_task_t, start));
    int code = greenlet_switch(task->greenlet, task, NULL);
    if (!greenlet_started(task->greenlet))
        task_finish_unstarted(task, greenlet_last_error());
    else if (code < 0)
        hub_report_unhandled(task->greenlet, greenlet_last_error());
    gevent_task_unref(task);
}

// NULL with the last error set.
static gevent_task_t *make_task(hub_t *hub, greenlet_run_fn run, void *argument) {
    gevent_task_t *task = memory_alloc_zeroed(sizeof *task);
    if (!task) {
        (void)greenlet_fail(GREENLET_ENOMEM);
        return NULL;
    }
    if (greenlet_new(task_main, hub->greenlet, &task->greenlet) < 0) {
        memory_free(task);
        return NULL;
    }
    greenlet_set_user(task->greenlet, task, NULL);
    task->run = run;
    task->argument = argument;
    task->refs = 1; // the hub's, until it has finished
    task->start.run = start_task;
    return task;
}

int gevent_spawn(greenlet_run_fn run, void *argument, gevent_task_t **result) {
    if (!run) return greenlet_fail(GREENLET_EINVAL);
    hub_t *hub = hub_get();
    gevent_task_t *task = hub ? make_task(hub, run, argument) : NULL;
    if (!task) return GREENLET_ENOMEM;
    hub->tasks++;
    hub_call(hub, &task->start);
    if (result) *result = gevent_task_ref(task);
    return GREENLET_OK;
}

greenlet_t *gevent_task_greenlet(const gevent_task_t *task) {
    return task->greenlet;
}

gevent_task_t *gevent_current_task(void) {
    const greenlet_t *self = greenlet_current();
    return self->run == task_main ? greenlet_user(self) : NULL;
}

// ---- outcome ------------------------------------------------------------------------------------

gevent_status_t gevent_status(const gevent_task_t *task) {
    return task->status;
}

void *gevent_value(const gevent_task_t *task) {
    return task->value;
}

const greenlet_error_t *gevent_error(const gevent_task_t *task) {
    return task->status == GEVENT_FAILED ? task->error : NULL;
}

void task_finish(gevent_task_t *task, void *value, greenlet_error_t *error) {
    hub_t *hub = hub_get();
    int is_exit = greenlet_error_is(error, &GREENLET_EXIT);
    task->error = error;
    task->value = is_exit ? error : error ? NULL : value;
    task->status = is_exit ? GEVENT_KILLED : error ? GEVENT_FAILED : GEVENT_RETURNED;
    hub->tasks--;
    int is_taken = scope_member_finished(task) || task->finished;
    if (task->status == GEVENT_FAILED && !is_taken) hub_report_unhandled(task->greenlet, error);
    if (task->finished) task->finished(task);
    waiters_notify(&task->waiters, waiters_tell_all);
    gevent_task_unref(task); // the hub's reference
}

void task_finish_unstarted(gevent_task_t *task, const greenlet_error_t *error) {
    hub_cancel_call(&task->start);
    task->greenlet->state = STATE_DEAD;
    task_finish(task, NULL, greenlet_error_ref(error));
}

void task_forget_unstarted(hub_t *hub) {
    for (list_t *link = hub->ready.next; link != &hub->ready;) {
        callback_t *callback = LIST_ITEM(link, callback_t, link);
        link = link->next;
        if (callback->run == start_task)
            task_finish_unstarted(LIST_ITEM(callback, gevent_task_t, start), &greenlet_exit_error);
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

// ---- join and get -------------------------------------------------------------------------------

static int wait_for_task(gevent_task_t *task, double seconds) {
    if (task->greenlet == greenlet_current() && seconds == GEVENT_FOREVER)
        return greenlet_raise(greenlet_error_type_of(GREENLET_EDEADLK), "%s waits for itself",
                              greenlet_name(task->greenlet));
    wait_t wait = {.what = "join", .whom = task->greenlet};
    return waiters_wait(&task->waiters, &wait, seconds);
}

int gevent_join(gevent_task_t *task, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (task->status != GEVENT_PENDING) return GREENLET_OK;
    gevent_task_ref(task);
    int code = wait_for_task(task, seconds);
    gevent_task_unref(task);
    return code;
}

static int take_outcome(const gevent_task_t *task, void **value) {
    if (task->status == GEVENT_PENDING) return greenlet_fail(GREENLET_EPENDING);
    if (task->status == GEVENT_FAILED)
        return greenlet_error_restore(greenlet_error_ref(task->error));
    if (value) *value = task->value;
    return GREENLET_OK;
}

int gevent_get(gevent_task_t *task, double seconds, void **value) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    gevent_task_ref(task);
    int code = gevent_join(task, seconds);
    if (code >= 0 || code == GREENLET_ETIMEDOUT) code = take_outcome(task, value);
    gevent_task_unref(task);
    return code;
}

// ---- kill ---------------------------------------------------------------------------------------

static void free_kill(kill_t *kill) {
    greenlet_error_unref(kill->error);
    gevent_task_unref(kill->task);
    memory_free(kill);
}

static void deliver_kill(callback_t *callback) {
    kill_t *kill = LIST_ITEM(callback, kill_t, callback);
    if (scope_defers(kill->task->greenlet, NULL, callback)) return;
    if (kill->task->status == GEVENT_PENDING) hub_throw(kill->task->greenlet, kill->error);
    killer_t *killer = kill->killer;
    if (killer) killer->kill = NULL;
    free_kill(kill);
    if (killer) wait_resume(&killer->wait);
}

static kill_t *queue_kill(gevent_task_t *task, const greenlet_error_t *error) {
    kill_t *kill = memory_alloc_zeroed(sizeof *kill);
    if (!kill) return NULL;
    kill->task = gevent_task_ref(task);
    kill->error = greenlet_error_ref(error);
    kill->callback.run = deliver_kill;
    hub_call(hub_get(), &kill->callback);
    return kill;
}

// The killer was woken by something else and no longer waits to hear of the delivery.
static void forget_killer(wait_t *wait) {
    kill_t *kill = LIST_ITEM(wait, killer_t, wait)->kill;
    if (kill) kill->killer = NULL;
}

static int wait_for_kill(gevent_task_t *task, kill_t *kill, double seconds) {
    hub_t *hub = hub_get();
    int64_t deadline = hub_deadline(hub, seconds);
    killer_t killer = {.wait = {.what = "kill", .whom = task->greenlet, .cancel = forget_killer},
                       .kill = kill};
    kill->killer = &killer;
    int code = wait_until(&killer.wait, deadline);
    if (code == WAIT_TIMED_OUT) return greenlet_fail(GREENLET_ETIMEDOUT);
    if (code < 0) return code;
    if (deadline == LOOP_NEVER) return gevent_join(task, GEVENT_FOREVER);
    return gevent_join(task, (double)(deadline - hub_update_now(hub)) / 1e9);
}

int gevent_kill(gevent_task_t *task, const greenlet_error_t *error, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (!error) error = &greenlet_exit_error;
    if (task->status != GEVENT_PENDING) return GREENLET_OK;
    if (!greenlet_started(task->greenlet)) {
        task_finish_unstarted(task, error);
        return GREENLET_OK;
    }
    kill_t *kill = queue_kill(task, error);
    if (!kill) return greenlet_fail(GREENLET_ENOMEM);
    if (seconds <= 0) return GREENLET_OK;
    gevent_task_ref(task);
    int code = wait_for_kill(task, kill, seconds);
    gevent_task_unref(task);
    return code;
}
