// A switch leaves one function in the middle and goes on in another. 78 is never printed: the first
// one ends, and its parent, which is main, goes on.
//
//   greenlet-wasm run examples/lessons/02-two-that-switch.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *first, *second;

static int print_12_34(void *value, void **result) {
    (void)value, (void)result;
    printf("12\n");
    int status = greenlet_switch(second, NULL, NULL);
    if (status < 0) return status;
    printf("34\n");
    return GREENLET_OK;
}

static int print_56_78(void *value, void **result) {
    (void)value, (void)result;
    printf("56\n");
    int status = greenlet_switch(first, NULL, NULL);
    if (status < 0) return status;
    printf("78\n");
    return GREENLET_OK;
}

int main(void) {
    if (greenlet_new(print_12_34, NULL, &first) < 0) return 1;
    if (greenlet_new(print_56_78, NULL, &second) < 0) return 1;
    int status = greenlet_switch(first, NULL, NULL);
    greenlet_unref(first);
    greenlet_unref(second);
    return status < 0;
}
