// Drives kitchen.c from C, under the virtual clock.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

int hear(const char *line) {
    puts(line);
    return GREENLET_OK;
}

GEVENT_EXPORT(void, open_kitchen)
GEVENT_EXPORT(i32, cook, string, f64)

typedef struct order {
    const char *dish;
    double seconds, patience; // 0: no end of it
    int32_t number;
    gevent_task_t *task;
} order_t;

static int place(void *argument, void **result) {
    order_t *order = argument;
    (void)result;
    if (order->patience <= 0) return cook(order->dish, order->seconds, &order->number);
    gevent_timeout_t limit;
    int status = gevent_timeout_start(&limit, order->patience);
    if (status < 0) return status;
    status = cook(order->dish, order->seconds, &order->number);
    gevent_timeout_cancel(&limit);
    return status;
}

// Failures are shown by main.
static void say_nothing(greenlet_t *greenlet, const greenlet_error_t *error) {
    (void)greenlet, (void)error;
}

static void show(const order_t *order) {
    if (gevent_status(order->task) == GEVENT_RETURNED)
        printf("%s: %d\n", order->dish, (int)order->number);
    else
        printf("%s: %s\n", order->dish, greenlet_error_message(gevent_error(order->task)));
}

int main(void) {
    order_t orders[] = {
        {.dish = "soup", .seconds = 3},
        {.dish = "egg", .seconds = 1, .patience = 2},
        {.dish = "roast", .seconds = 90, .patience = 30},
        {.dish = "pie", .seconds = 20},
    };
    enum { COUNT = sizeof orders / sizeof *orders };
    gevent_use_virtual_clock();
    gevent_set_unhandled(say_nothing);
    open_kitchen();
    for (int i = 0; i < COUNT; i++)
        if (gevent_spawn(place, &orders[i], &orders[i].task) < 0) return 1;
    if (gevent_run() < 0) return 1;
    for (int i = 0; i < COUNT; i++) {
        show(&orders[i]);
        gevent_task_unref(orders[i].task);
    }
    return 0;
}
