// Two tasks that sleep. gevent_sleep parks only the task that calls it, so that the two take turns,
// and five seconds pass, not ten. On the virtual clock nobody has to sit through them.
//
//   greenlet-wasm run examples/lessons/22-two-tasks-that-sleep.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int count_to_five(void *name, void **result) {
    (void)result;
    for (int i = 0; i < 5; i++) {
        printf("run func: %s, index: %d \n", (const char *)name, i);
        int status = gevent_sleep(1);
        if (status < 0) return status;
    }
    return GREENLET_OK;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    double start = gevent_now();
    if (gevent_spawn(count_to_five, "f1", NULL) < 0) return 1;
    if (gevent_spawn(count_to_five, "f2", NULL) < 0) return 1;
    if (gevent_run() < 0) return 1; // until both have ended
    return gevent_now() - start != 5;
}
