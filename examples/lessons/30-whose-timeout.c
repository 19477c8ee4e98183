// What a timeout does, and what it does not. It belongs to a greenlet, and stops what that waits
// in, not whom it waits for; cancelled, it never goes off; of two, gevent_timed_out_by() says which
// it was. A call that has a limit of its own just says that time is up. In all of these the task
// goes on.
//
//   greenlet-wasm run examples/lessons/30-whose-timeout.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int work(void *argument, void **result) {
    (void)argument, (void)result;
    return gevent_sleep(0.4);
}

static void print_status(const gevent_task_t *task) {
    printf("  the task %s\n", gevent_status(task) == GEVENT_PENDING ? "goes on" : "has ended");
}

static int join_within(double seconds, gevent_task_t *task) {
    gevent_timeout_t outer, inner;
    if (gevent_timeout_start(&outer, 0.3) < 0) return 1;
    if (gevent_timeout_start(&inner, seconds) < 0) return 1;
    int status = gevent_join(task, GEVENT_FOREVER);
    const char *whose = gevent_timed_out_by(&inner) ? "inner" : "outer";
    printf("joined within %.1f s: %s\n", seconds, status < 0 ? whose : "in time");
    gevent_timeout_cancel(&inner);
    gevent_timeout_cancel(&outer);
    print_status(task);
    return 0;
}

int main(void) {
    gevent_task_t *task;
    (void)gevent_use_virtual_clock();
    if (gevent_spawn(work, NULL, &task) < 0) return 1;
    if (join_within(0.1, task) != 0) return 1; // until 0.1 s
    printf("join for 0.1 s: %s\n", greenlet_error_name(gevent_join(task, 0.1)));
    print_status(task); // 0.2 s have passed
    if (join_within(0.5, task) != 0) return 1;
    if (gevent_sleep(10) < 0) return 1; // nothing more comes
    gevent_task_unref(task);
    return 0;
}
