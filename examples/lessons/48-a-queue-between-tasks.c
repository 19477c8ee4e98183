// A queue between one that makes and two that take. It has room for two items: who puts a third has
// to wait, and who finds nothing waits for the next. When it is closed, what there is can still be
// got, and then the loops of those who take end.
//
//   greenlet-wasm run examples/lessons/48-a-queue-between-tasks.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

enum { ROOM = 2, ITEMS = 5 };

static gevent_queue_t queue;

static int make(void *argument, void **result) {
    (void)argument, (void)result;
    for (intptr_t item = 1; item <= ITEMS; item++) {
        int status = gevent_queue_put(&queue, (void *)item, GEVENT_FOREVER);
        if (status < 0) return status;
        printf("made %d, %d waiting\n", (int)item, (int)gevent_queue_size(&queue));
    }
    gevent_queue_close(&queue);
    return GREENLET_OK;
}

static int take(void *name, void **result) {
    void *item;
    (void)result;
    while (gevent_queue_get(&queue, GEVENT_FOREVER, &item) >= 0) {
        printf("%s takes %d\n", (const char *)name, (int)(intptr_t)item);
        int status = gevent_sleep(1);
        if (status < 0) return status;
    }
    printf("%s has no more to do\n", (const char *)name);
    return GREENLET_OK;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    double start = gevent_now();
    gevent_queue_init(&queue, ROOM);
    if (gevent_spawn(take, "Anna", NULL) < 0) return 1;
    if (gevent_spawn(take, "Bert", NULL) < 0) return 1;
    if (gevent_spawn(make, NULL, NULL) < 0) return 1;
    int status = gevent_run();
    printf("%.0f seconds\n", gevent_now() - start);
    gevent_queue_free(&queue);
    return status < 0;
}
