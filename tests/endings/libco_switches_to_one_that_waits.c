// A cothread that waits belongs to the task that it waits for.
//
// SPDX-License-Identifier: MIT
#include "libco.h"

#include <stdio.h>

#include "gevent.h"

static cothread_t sleeper;

static void sleep_long(void) {
    puts("asleep");
    fflush(stdout);
    (void)gevent_sleep(3600);
}

static int run(void *argument, void **result) {
    (void)argument, (void)result;
    co_switch(sleeper);
    return 0;
}

int main(void) {
    sleeper = co_create(65536, sleep_long);
    if (gevent_use_virtual_clock() < 0 || gevent_spawn(run, NULL, NULL) < 0) return 2;
    (void)gevent_sleep(1);
    co_switch(sleeper);
    puts("after");
    return 0;
}
