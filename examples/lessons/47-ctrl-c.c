// Ctrl-C that cleans up. Two copies are being made; the signal kills both, wherever they wait, each
// throws away what it has not finished, and the program ends with a status of its own choice.
//
//   greenlet-wasm run examples/lessons/47-ctrl-c.c    # and then Ctrl-C, or kill -INT
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

enum { COPIES = 2, FOREVER = 1000 };

static gevent_task_t *copies[COPIES];

static void throw_away(void *name) {
    printf("%s: thrown away\n", (const char *)name);
}

static int run_copy(void *name, void **result) {
    gevent_cleanup_t cleanup;
    (void)result;
    gevent_cleanup_push(&cleanup, throw_away, name);
    int status = gevent_sleep(FOREVER);
    gevent_cleanup_pop(&cleanup, status < 0);
    return status;
}

static int run_stop(void *value, void **result) {
    (void)value, (void)result;
    printf("stopping\n");
    return gevent_killall(copies, COPIES, NULL, GEVENT_FOREVER);
}

int main(void) {
    if (gevent_spawn(run_copy, "first", &copies[0]) < 0) return 1;
    if (gevent_spawn(run_copy, "second", &copies[1]) < 0) return 1;
    if (gevent_signal(GEVENT_SIGINT, run_stop, NULL) < 0) return 1;
    if (gevent_yield() < 0) return 1; // both begin
    fprintf(stderr, "copying; Ctrl-C stops me\n");
    if (gevent_run() < 0) return 1;
    for (int i = 0; i < COPIES; i++) gevent_task_unref(copies[i]);
    printf("nothing is left behind\n");
    return 0;
}
