// main returns while one greenlet is suspended and a task sleeps. Neither cleans up.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int run_suspended(void *value, void **result) {
    int code = greenlet_switch(greenlet_main(), value, result);
    puts("the greenlet cleans up");
    return code;
}

static int run_asleep(void *value, void **result) {
    (void)value, (void)result;
    int code = gevent_sleep(3600);
    puts("the task cleans up");
    return code;
}

int main(void) {
    static greenlet_t *suspended;
    if (greenlet_new(run_suspended, NULL, &suspended) < 0) return 2;
    if (greenlet_switch(suspended, NULL, NULL) < 0) return 2;
    if (gevent_spawn(run_asleep, NULL, NULL) < 0 || gevent_sleep(0) < 0) return 2;
    puts(greenlet_active(suspended) ? "exiting" : "not suspended");
    return 0;
}
