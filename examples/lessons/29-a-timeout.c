// A timeout fails whatever its greenlet is waiting in. Here it is a tie: the limit is as long as
// the task's sleep. The timeout wins, for it goes straight into main's join, while the end of the
// task reaches that join only through the queue. One that is not cancelled would hit main later.
//
//   greenlet-wasm run examples/lessons/29-a-timeout.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

enum { SECONDS = 10 };

static int wait(void *argument, void **result) {
    (void)argument, (void)result;
    return gevent_sleep(SECONDS);
}

int main(void) {
    gevent_timeout_t timeout;
    gevent_task_t *task;
    (void)gevent_use_virtual_clock();
    if (gevent_timeout_start(&timeout, SECONDS) < 0) return 1;
    if (gevent_spawn(wait, NULL, &task) < 0) return 1;
    int status = gevent_join(task, GEVENT_FOREVER);
    if (status < 0 && gevent_timed_out_by(&timeout)) printf("Could not complete\n");
    gevent_timeout_cancel(&timeout);
    gevent_task_unref(task);
    return 0;
}
