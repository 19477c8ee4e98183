// main() is a greenlet like any other: a call of it that waits parks main, and tasks run. A task
// runs when somebody waits, not when it is spawned; what is ready runs in the order in which it
// became so. When main returns the program ends, whoever still waits.
//
//   greenlet-wasm run examples/parked-main.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static gevent_event_t door;

static int guest(void *name, void **result) {
    (void)result;
    printf("%s: at the door\n", (const char *)name);
    int status = gevent_event_wait(&door, GEVENT_FOREVER);
    if (status < 0) return status;
    printf("%s: inside\n", (const char *)name);
    return GREENLET_OK;
}

static int porter(void *argument, void **result) {
    (void)argument, (void)result;
    printf("porter: opens\n");
    gevent_event_set(&door); // wakes them through the queue: the porter goes on first
    printf("porter: has opened\n");
    return GREENLET_OK;
}

static int latecomer(void *argument, void **result) {
    (void)argument, (void)result;
    (void)gevent_sleep(3600);
    printf("latecomer: never here\n");
    return GREENLET_OK;
}

int main(void) {
    gevent_event_init(&door);
    char *names[] = {"ann", "bob"};
    gevent_task_t *guests[2];
    for (int i = 0; i < 2; i++)
        if (gevent_spawn(guest, names[i], &guests[i]) < 0) return 1;
    if (gevent_spawn(latecomer, NULL, NULL) < 0) return 1;
    printf("main: nobody has run\n");

    gevent_yield();
    printf("main: all have run until they had to wait\n");

    if (gevent_spawn(porter, NULL, NULL) < 0) return 1;
    for (int i = 0; i < 2; i++) {
        if (gevent_join(guests[i], GEVENT_FOREVER) < 0) return 1;
        printf("main: %s has ended\n", names[i]);
        gevent_task_unref(guests[i]);
    }

    char report[128];
    gevent_waiting(report, sizeof report);
    printf("main: returns, though somebody waits: %s\n", *report ? "yes" : "no");
    return 0;
}
