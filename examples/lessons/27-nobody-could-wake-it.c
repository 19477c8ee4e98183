// To wait for what can never come is an error, not a hang. Once nobody is ready, no timer is left
// and no promise is pending, main's wait fails, and the error's message says who waits for what.
// A task that is stuck stays where it is, and the hub can go on.
//
//   greenlet-wasm run examples/lessons/27-nobody-could-wake-it.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static gevent_event_t never;

static int wait_for_it(void *argument, void **result) {
    (void)argument, (void)result;
    int status = gevent_event_wait(&never, GEVENT_FOREVER);
    printf("stuck: %s\n", greenlet_error_name(status));
    return status;
}

int main(void) {
    gevent_task_t *stuck;
    (void)gevent_use_virtual_clock();
    printf("wait: %s\n", greenlet_error_name(gevent_event_wait(&never, GEVENT_FOREVER)));
    if (gevent_spawn(wait_for_it, NULL, &stuck) < 0) return 1;
    printf("join: %s\n", greenlet_error_name(gevent_join(stuck, GEVENT_FOREVER)));
    printf("with a limit: %s\n", greenlet_error_name(gevent_join(stuck, 1)));
    printf("sleep: %s\n", gevent_sleep(1) < 0 ? "failed" : "ok");
    if (gevent_kill(stuck, NULL, GEVENT_FOREVER) < 0) return 1;
    gevent_task_unref(stuck);
    return 0;
}
