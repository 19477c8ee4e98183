// Two tasks that wait at the same time, in one thread: each line says whose tree its task is in,
// which is a thread's, and all four say the same. They take one second together.
//
//   greenlet-wasm run examples/lessons/43-one-thread-for-both.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int hello(void *argument, void **result) {
    (void)argument, (void)result;
    printf("Hello world! (%s)\n", greenlet_name(greenlet_main()));
    int status = gevent_sleep(1);
    if (status < 0) return status;
    printf("Hello again! (%s)\n", greenlet_name(greenlet_main()));
    return GREENLET_OK;
}

int main(void) {
    gevent_task_t *tasks[2];
    (void)gevent_use_virtual_clock();
    double start = gevent_now();
    for (int i = 0; i < 2; i++)
        if (gevent_spawn(hello, NULL, &tasks[i]) < 0) return 1;
    if (gevent_gather(tasks, 2, NULL, NULL) < 0) return 1;
    for (int i = 0; i < 2; i++) gevent_task_unref(tasks[i]);
    return gevent_now() - start != 1;
}
