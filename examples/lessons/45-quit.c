// A signal that ends a program in good order. It starts a task, which may wait and kill like any
// other; here it kills the one that would have slept on, whose clean-up runs, and main goes on.
//
//   greenlet-wasm run examples/lessons/45-quit.c    # and then Ctrl-\, or kill -QUIT
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int run_forever(void *value, void **result) {
    (void)value, (void)result;
    int status = gevent_sleep(1000);
    printf("run_forever cleaned up\n");
    return status;
}

static int run_quit(void *task, void **result) {
    (void)result;
    return gevent_kill(task, NULL, GEVENT_FOREVER);
}

static const char *truth(int is_true) {
    return is_true ? "True" : "False";
}

int main(void) {
    gevent_task_t *task;
    if (gevent_spawn(run_forever, NULL, &task) < 0) return 1;
    if (gevent_signal(GEVENT_SIGQUIT, run_quit, task) < 0) return 1;
    if (gevent_yield() < 0) return 1; // it begins to sleep
    fprintf(stderr, "sleeping; Ctrl-\\ wakes me\n");
    if (gevent_join(task, GEVENT_FOREVER) < 0) return 1;
    int is_killed = gevent_status(task) == GEVENT_KILLED;
    printf("joined; dead %s successful %s %s\n", truth(greenlet_dead(gevent_task_greenlet(task))),
           truth(gevent_successful(task)), is_killed ? "GreenletExit()" : "None");
    gevent_task_unref(task);
    return 0;
}
