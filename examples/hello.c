// Tasks that wait. Each is plain C with a loop; while one sleeps the others run.
//
//   greenlet-wasm run examples/hello.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

typedef struct runner {
    const char *name;
    double seconds; // for a lap
} runner_t;

static int run(void *argument, void **result) {
    const runner_t *self = argument;
    (void)result;
    for (int lap = 1; lap <= 3; lap++) {
        int status = gevent_sleep(self->seconds); // only this greenlet waits
        if (status < 0) return status;
        printf("%s: lap %d\n", self->name, lap);
    }
    return GREENLET_OK;
}

int main(void) {
    runner_t runners[] = {{"hare", 0.2}, {"tortoise", 0.5}, {"snail", 3600}};
    gevent_task_t *tasks[3];
    for (int i = 0; i < 3; i++)
        if (gevent_spawn(run, &runners[i], &tasks[i]) < 0) return 1;

    gevent_join(tasks[0], GEVENT_FOREVER);
    gevent_join(tasks[1], GEVENT_FOREVER);

    gevent_timeout_t limit; // for whatever main waits for until it is cancelled
    if (gevent_timeout_start(&limit, 0.1) < 0) return 1;
    int status = gevent_join(tasks[2], GEVENT_FOREVER);
    if (status < 0) printf("snail: %s\n", greenlet_error_message(greenlet_last_error()));
    gevent_timeout_cancel(&limit);

    gevent_kill(tasks[2], NULL, GEVENT_FOREVER);
    printf("snail killed: %s\n", gevent_status(tasks[2]) == GEVENT_KILLED ? "yes" : "no");
    for (int i = 0; i < 3; i++) gevent_task_unref(tasks[i]);
    return 0;
}
