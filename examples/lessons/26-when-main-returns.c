// When main returns the program ends, whoever still waits. Look at what is not printed: a task that
// sleeps does not get to its clean-up, and one that was spawned last never starts, because main has
// not waited since. gevent_run() at the end would let both finish.
//
//   greenlet-wasm run examples/lessons/26-when-main-returns.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int sleep_long(void *argument, void **result) {
    (void)argument, (void)result;
    printf("sleeper: good night\n");
    int status = gevent_sleep(3600);
    printf("sleeper: cleans up\n");
    return status;
}

static int say_hello(void *argument, void **result) {
    (void)argument, (void)result;
    printf("latecomer: hello\n");
    return GREENLET_OK;
}

int main(void) {
    if (gevent_spawn(sleep_long, NULL, NULL) < 0) return 1;
    if (gevent_yield() < 0) return 1;
    if (gevent_spawn(say_hello, NULL, NULL) < 0) return 1;
    printf("main: returns\n");
    return 0;
}
