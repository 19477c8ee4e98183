// Killing: an error that is thrown into a task, through the queue.
//
// SPDX-License-Identifier: MIT
#include "../memory.h"
#include "scope_internal.h"
#include "task_internal.h"

struct kill {
    callback_t callback;
    list_t undelivered;      // its place in the task's list
    gevent_task_t *task;     // owned
    greenlet_error_t *error; // owned
    struct killer *killer;   // NULL: nobody waits for the delivery
};

typedef struct killer {
    wait_t wait;
    kill_t *kill;        // NULL: delivered
    gevent_task_t *task; // owned
} killer_t;

void kill_free(kill_t *kill) {
    hub_cancel_call(&kill->callback);
    list_remove(&kill->undelivered);
    greenlet_error_unref(kill->error);
    gevent_task_unref(kill->task);
    memory_free(kill);
}

static void deliver(callback_t *callback) {
    kill_t *kill = LIST_ITEM(callback, kill_t, callback);
    if (scope_defers(kill->task->greenlet, NULL, callback)) return;
    list_remove(&kill->undelivered);
    kill->task->greenlet->is_killed = 1;
    if (kill->task->status == GEVENT_PENDING) hub_throw(kill->task->greenlet, kill->error);
    killer_t *killer = kill->killer;
    if (killer) killer->kill = NULL;
    kill_free(kill);
    if (killer) wait_resume(&killer->wait);
}

kill_t *kill_new(gevent_task_t *task, const greenlet_error_t *error) {
    kill_t *kill = memory_alloc_zeroed(sizeof *kill);
    if (!kill) return NULL;
    kill->task = gevent_task_ref(task);
    kill->error = greenlet_error_ref(error);
    kill->callback.run = deliver;
    return kill;
}

void kill_send(kill_t *kill) {
    gevent_task_t *task = kill->task;
    int is_unstarted = !greenlet_started(task->greenlet);
    if (task->status == GEVENT_PENDING && !is_unstarted) {
        list_append(&task->kills, &kill->undelivered);
        hub_call(hub_get(), &kill->callback);
        return;
    }
    if (is_unstarted) task_finish_unstarted(task, kill->error);
    kill_free(kill);
}

void kill_forget(gevent_task_t *task) {
    for (list_t *link = task->kills.next; link != &task->kills;) {
        kill_t *kill = LIST_ITEM(link, kill_t, undelivered);
        link = link->next;
        if (!kill->killer) kill_free(kill);
    }
}

int kill_check(const greenlet_error_t *error, double seconds) {
    if (greenlet_error_code(error) >= 0) return GREENLET_EINVAL;
    return seconds > 0 ? wait_check(hub_get()) : GREENLET_OK;
}

// The killer was woken by something else and no longer waits to hear of the delivery.
static void forget_killer(wait_t *wait) {
    const killer_t *killer = LIST_ITEM(wait, const killer_t, wait);
    if (killer->kill) killer->kill->killer = NULL;
    if (killer->task->status != GEVENT_PENDING) kill_forget(killer->task);
    gevent_task_unref(killer->task);
}

// Until the kill has been delivered, and from there on until the task has finished.
static int wait_for_end(kill_t *kill, int64_t deadline) {
    gevent_task_t *task = gevent_task_ref(kill->task);
    killer_t killer = {
        .wait = {.what = "kill", .whom = task->greenlet, .acts_on = 1, .cancel = forget_killer},
        .kill = kill,
        .task = task};
    kill->killer = &killer;
    int code = wait_until(&killer.wait, deadline);
    if (code == GREENLET_OK && task->status == GEVENT_PENDING) code = task_wait(task, deadline);
    if (code == GREENLET_OK) gevent_task_unref(task);
    return code == WAIT_TIMED_OUT ? greenlet_fail(GREENLET_ETIMEDOUT) : code;
}

int gevent_kill(gevent_task_t *task, const greenlet_error_t *error, double seconds) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (!error) error = &greenlet_exit_error;
    if (task->status != GEVENT_PENDING) return GREENLET_OK;
    if (!greenlet_started(task->greenlet)) {
        if (kill_check(error, GEVENT_NOWAIT) < 0) return greenlet_fail(GREENLET_EINVAL);
        task_finish_unstarted(task, error);
        return GREENLET_OK;
    }
    int code = kill_check(error, seconds);
    if (code < 0) return greenlet_fail(code);
    kill_t *kill = kill_new(task, error);
    if (!kill) return greenlet_fail(GREENLET_ENOMEM);
    int64_t deadline = hub_deadline(hub_get(), seconds);
    kill_send(kill);
    return seconds > 0 ? wait_for_end(kill, deadline) : GREENLET_OK;
}
