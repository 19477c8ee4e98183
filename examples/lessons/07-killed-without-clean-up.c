// Dropping the last reference to a suspended greenlet ends it: its switch fails with
// GREENLET_EEXIT. A function that lets that pass at once does no clean-up, and the list stays full.
//
//   greenlet-wasm run examples/lessons/07-killed-without-clean-up.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *g1, *g2;
static int list[100], length;

static int run_g1(void *value, void **result) {
    (void)value;
    return greenlet_switch(g2, NULL, result);
}

static int run_g2(void *value, void **result) {
    (void)value;
    for (int i = 0; i < 100; i++) list[length++] = i;
    int status = greenlet_switch(g1, NULL, result);
    if (status < 0) return status;
    printf("finish switch del l\n");
    length = 0;
    return GREENLET_OK;
}

int main(void) {
    if (greenlet_new(run_g1, NULL, &g1) < 0) return 1;
    if (greenlet_new(run_g2, NULL, &g2) < 0) return 1;
    int status = greenlet_switch(g1, NULL, NULL);
    greenlet_unref(g1);
    greenlet_unref(g2);
    printf("length of l: %d\n", length);
    return status < 0;
}
