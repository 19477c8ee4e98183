// Only one task runs at any moment, and it goes on until it waits. So nothing changes between two
// lines that do not wait, and no lock is needed; but whatever was read before a wait may be out of
// date after it. Look at where the counter is read.
//
//   greenlet-wasm run examples/lessons/32-a-race-across-a-switch.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int counter;

static int add_across_a_wait(void *argument, void **result) {
    (void)argument, (void)result;
    int before = counter;
    int status = gevent_yield();
    if (status < 0) return status;
    counter = before + 1;
    return GREENLET_OK;
}

static int add_after_the_wait(void *argument, void **result) {
    (void)argument, (void)result;
    int status = gevent_yield();
    if (status < 0) return status;
    counter = counter + 1;
    return GREENLET_OK;
}

static int count_with(greenlet_run_fn add) {
    counter = 0;
    for (int i = 0; i < 10; i++) {
        int status = gevent_spawn(add, NULL, NULL);
        if (status < 0) return status;
    }
    return gevent_run();
}

int main(void) {
    if (count_with(add_across_a_wait) < 0) return 1;
    printf("read before the wait: %d\n", counter);
    if (count_with(add_after_the_wait) < 0) return 1;
    printf("read after the wait: %d\n", counter);
    return 0;
}
