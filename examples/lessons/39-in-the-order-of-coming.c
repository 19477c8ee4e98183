// Who waits is served in the order of coming. An event wakes all who wait for it; an item of a
// queue goes to one. And what is put in first comes out first.
//
//   greenlet-wasm run examples/lessons/39-in-the-order-of-coming.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "gevent.h"

static gevent_event_t event;
static gevent_queue_t queue;

static int wait_for_event(void *number, void **result) {
    (void)result;
    int status = gevent_event_wait(&event, GEVENT_FOREVER);
    if (status >= 0) printf("event: task %d\n", (int)(intptr_t)number);
    return status;
}

static int get_item(void *number, void **result) {
    void *item;
    (void)result;
    int status = gevent_queue_get(&queue, GEVENT_FOREVER, &item);
    if (status >= 0) printf("queue: task %d gets %s\n", (int)(intptr_t)number, (const char *)item);
    return status;
}

static int spawn_three(greenlet_run_fn run) {
    for (intptr_t i = 0; i < 3; i++) {
        int status = gevent_spawn(run, (void *)i, NULL);
        if (status < 0) return status;
    }
    return gevent_yield();
}

int main(void) {
    char *items[] = {"an apple", "a pear", "a plum"};
    if (spawn_three(wait_for_event) < 0) return 1;
    gevent_event_set(&event);
    if (gevent_run() < 0) return 1;
    if (spawn_three(get_item) < 0) return 1;
    for (int i = 0; i < 3; i++)
        if (gevent_queue_put(&queue, items[i], GEVENT_FOREVER) < 0) return 1;
    if (gevent_run() < 0) return 1;
    gevent_queue_free(&queue);
    return 0;
}
