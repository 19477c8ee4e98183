// An error that leaves a task goes neither to main nor to who joins: the hub hears of it, once, and
// the task keeps it for whoever asks. To join is to learn that it has ended, to get is to learn
// how.
//
//   greenlet-wasm run examples/lessons/28-an-error-stays-in-its-task.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static const greenlet_error_type_t VALUE_ERROR = {"ValueError", &GREENLET_ERROR, GREENLET_EUSER};

static int fail(void *argument, void **result) {
    (void)argument, (void)result;
    return greenlet_raise(&VALUE_ERROR, "boom");
}

static int leave(void *argument, void **result) {
    (void)argument, (void)result;
    return greenlet_fail(GREENLET_EEXIT); // the one error that is no failure
}

static void tell(greenlet_t *greenlet, const greenlet_error_t *error) {
    printf("the hub hears of %s: %s\n", greenlet_name(greenlet), greenlet_error_message(error));
}

static int examine(greenlet_run_fn run, const char *name) {
    static const char *const states[] = {"pending", "returned", "killed", "failed"};
    gevent_task_t *task;
    if (gevent_spawn(run, NULL, &task) < 0) return 1;
    if (greenlet_set_name(gevent_task_greenlet(task), name) < 0) return 1;
    int joined = gevent_join(task, GEVENT_FOREVER);
    printf("%s: join %s, %s\n", name, joined < 0 ? "fails" : "is fine",
           states[gevent_status(task)]);
    if (gevent_get(task, GEVENT_FOREVER, NULL) < 0)
        printf("%s: get fails with %s\n", name, greenlet_error_type(greenlet_last_error())->name);
    gevent_task_unref(task);
    return 0;
}

int main(void) {
    gevent_set_unhandled(tell);
    return examine(fail, "failing") || examine(leave, "leaving");
}
