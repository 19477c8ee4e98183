// SPDX-License-Identifier: MIT
#include "cleanup.h"

#include "../call.h"
#include "scope_internal.h"
#include "task_internal.h"

void gevent_cleanup_push(gevent_cleanup_t *cleanup, void (*run)(void *argument), void *argument) {
    greenlet_t *self = greenlet_current();
    self->thread->dropping = cleanup_before_drop; // there may be no hub yet
    *cleanup = (gevent_cleanup_t){self->cleanups, run, argument};
    self->cleanups = cleanup;
}

static int has(const greenlet_t *greenlet, const gevent_cleanup_t *cleanup) {
    const gevent_cleanup_t *each = greenlet->cleanups;
    while (each && each != cleanup) each = each->previous;
    return each != NULL;
}

static void pop_first(greenlet_t *greenlet, int runs) {
    gevent_cleanup_t *first = greenlet->cleanups;
    greenlet->cleanups = first->previous;
    if (runs) first->run(first->argument);
}

void gevent_cleanup_pop(gevent_cleanup_t *cleanup, int runs) {
    greenlet_t *self = greenlet_current();
    while (has(self, cleanup)) pop_first(self, runs);
}

void cleanup_before_drop(greenlet_t *greenlet) {
    scope_kill_members(greenlet);
    greenlet_forbid_switches();
    while (greenlet->cleanups) pop_first(greenlet, 1);
    greenlet_allow_switches();
    scope_leave_all(greenlet);
    wait_drop(greenlet);
    timeout_forget_all(greenlet);
    monitor_forget(greenlet);
}

static void drop_frames(greenlet_t *greenlet) {
    cleanup_before_drop(greenlet);
    greenlet_bury(greenlet);
}

// With the frames of whoever goes on for it, from the inside out.
static void drop_all_frames(greenlet_t *greenlet) {
    while (greenlet->call) {
        greenlet_call_t *call = greenlet_innermost(greenlet)->called_by;
        drop_frames(call->callee);
        greenlet_call_end(call);
        call->drop(call);
    }
    drop_frames(greenlet);
}

// Whether it may be dropped from here: nothing on the engine's stack belongs to it.
static int check(const greenlet_t *greenlet) {
    if (greenlet_runs_for(greenlet_current(), greenlet)) return GREENLET_EINVAL;
    int code = GREENLET_OK;
    for (const greenlet_t *each = greenlet; each && code >= 0; each = greenlet_callee(each))
        code = context_can_switch(&greenlet_current()->context, &each->context);
    return code;
}

int gevent_kill_hard(gevent_task_t *task) {
    if (!task) return greenlet_fail(GREENLET_EINVAL);
    if (task->status != GEVENT_PENDING) return GREENLET_OK;
    if (!greenlet_started(task->greenlet)) {
        task_finish_unstarted(task, &greenlet_exit_error);
        return GREENLET_OK;
    }
    int code = check(task->greenlet);
    if (code < 0) return greenlet_fail(code);
    gevent_task_ref(task);
    drop_all_frames(task->greenlet);
    task_finish(task, NULL, greenlet_error_ref(&greenlet_exit_error));
    gevent_task_unref(task);
    return GREENLET_OK;
}
