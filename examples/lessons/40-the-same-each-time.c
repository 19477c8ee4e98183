// The same program gives the same order each time, even where results come as they are ready: equal
// sleeps end in the order in which they began. Here that is tried, with a sleep that blocks the
// thread and with one that does not.
//
//   greenlet-wasm run examples/lessons/40-the-same-each-time.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "gevent.h"

enum { COUNT = 10, RUNS = 4 };

typedef struct order {
    intptr_t numbers[COUNT];
} order_t;

static void block(double seconds) {
    double end = gevent_now() + seconds;
    while (gevent_now() < end) {
    }
}

static int echo_blocking(void *number, void **result) {
    block(0.001);
    *result = number;
    return GREENLET_OK;
}

static int echo_sleeping(void *number, void **result) {
    *result = number;
    return gevent_sleep(0.001);
}

// Results in the order in which they are ready.
static int collect(greenlet_run_fn echo, order_t *order) {
    void *items[COUNT], *value;
    gevent_pool_t pool;
    gevent_imap_t *results;
    gevent_pool_init(&pool, COUNT);
    for (intptr_t i = 0; i < COUNT; i++) items[i] = (void *)i;
    int status = gevent_pool_imap_unordered(&pool, echo, items, COUNT, 0, &results);
    if (status < 0) return status;
    for (int i = 0; (status = gevent_imap_next(results, &value)) == GREENLET_OK; i++)
        order->numbers[i] = (intptr_t)value;
    return gevent_imap_end(results, status);
}

static int is_the_same_each_time(greenlet_run_fn echo) {
    order_t orders[RUNS] = {{{0}}};
    for (int i = 0; i < RUNS; i++) {
        if (collect(echo, &orders[i]) < 0) return 0;
        if (memcmp(&orders[i], &orders[0], sizeof *orders) != 0) return 0;
    }
    return 1;
}

int main(void) {
    int is_so = is_the_same_each_time(echo_blocking) && is_the_same_each_time(echo_sleeping);
    printf("%s\n", is_so ? "True" : "False");
    return 0;
}
