// Two tasks of different length. They start in the order in which they were spawned and end in the
// order in which their sleeps do; main is done after the longer one, not after the sum. It joins
// the long one first: when it comes to the short one, that has ended, and the join returns at once.
//
//   greenlet-wasm run examples/lessons/23-the-shorter-sleep-ends-first.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

static int eat(void *name, void **result) {
    (void)result;
    printf("%s eat 1\n", (const char *)name);
    int status = gevent_sleep(2);
    if (status < 0) return status;
    printf("%s eat 2\n", (const char *)name);
    return GREENLET_OK;
}

static int play(void *name, void **result) {
    (void)result;
    printf("%s play 1\n", (const char *)name);
    int status = gevent_sleep(1);
    if (status < 0) return status;
    printf("%s play 2\n", (const char *)name);
    return GREENLET_OK;
}

int main(void) {
    (void)gevent_use_virtual_clock();
    double start = gevent_now();
    gevent_task_t *meal, *game;
    if (gevent_spawn(eat, "egon", &meal) < 0) return 1;
    if (gevent_spawn(play, "egon", &game) < 0) return 1;
    if (gevent_join(meal, GEVENT_FOREVER) < 0) return 1;
    if (gevent_join(game, GEVENT_FOREVER) < 0) return 1;
    printf("主\n");
    gevent_task_unref(meal);
    gevent_task_unref(game);
    return gevent_now() - start != 2;
}
