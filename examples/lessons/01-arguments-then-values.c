// The first switch to a greenlet gives its function an argument; what a later one gives is what the
// switch returns in which it had stopped.
//
//   greenlet-wasm run examples/lessons/01-arguments-then-values.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "greenlet.h"

typedef struct pair {
    int a, b;
} pair_t;

static greenlet_t *task1, *task2;

static int run_task1(void *value, void **result) {
    const pair_t *pair = value;
    (void)result;
    printf("task1  running : %d + %d = %d\n", pair->a, pair->b, pair->a + pair->b);
    void *received;
    int status = greenlet_switch(task2, (void *)(intptr_t)1, &received);
    if (status < 0) return status;
    printf("receive a value : %s\n", (const char *)received);
    return GREENLET_OK;
}

static int run_task2(void *value, void **result) {
    printf("task2 running : %d\n", (int)(intptr_t)value);
    return greenlet_switch(task1, "hello", result);
}

int main(void) {
    pair_t pair = {1, 2};
    if (greenlet_new(run_task1, NULL, &task1) < 0) return 1;
    if (greenlet_new(run_task2, NULL, &task2) < 0) return 1;
    int status = greenlet_switch(task1, &pair, NULL);
    greenlet_unref(task1);
    greenlet_unref(task2); // still in its switch, which fails now with GREENLET_EEXIT
    return status < 0;
}
