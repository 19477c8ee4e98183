// The same work twice: one piece after the other, which takes as long as all pauses together, and
// all at once, which takes as long as the longest. Then the order is that of the pauses, and of
// equal ones the order in which they began.
//
//   greenlet-wasm run examples/lessons/24-one-after-the-other-or-all-at-once.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "gevent.h"

enum { COUNT = 10 };

// Seconds.
static const double pauses[COUNT] = {2, 1, 0, 1, 1, 2, 2, 0, 1, 0};

static int work(void *number, void **result) {
    int i = (int)(intptr_t)number;
    (void)result;
    int status = gevent_sleep(pauses[i]);
    if (status < 0) return status;
    printf("Task %d done\n", i);
    return GREENLET_OK;
}

// No task: main itself sleeps.
static int synchronously(void) {
    int status = GREENLET_OK;
    for (intptr_t i = 1; i < COUNT && status >= 0; i++) status = work((void *)i, NULL);
    return status;
}

static int asynchronously(void) {
    for (intptr_t i = 0; i < COUNT; i++) {
        int status = gevent_spawn(work, (void *)i, NULL);
        if (status < 0) return status;
    }
    return gevent_run();
}

static double seconds_of(int (*run)(void)) {
    double start = gevent_now();
    return run() < 0 ? -1 : gevent_now() - start;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    printf("Synchronous:\n");
    double sum = seconds_of(synchronously);
    printf("Asynchronous:\n");
    double longest = seconds_of(asynchronously);
    printf("结束\n");
    return sum != 8 || longest != 2;
}
