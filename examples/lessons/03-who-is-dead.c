// A greenlet is dead once its function has returned, and not before.
//
//   greenlet-wasm run examples/lessons/03-who-is-dead.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

static greenlet_t *f, *g;

static int run_f(void *value, void **result) {
    (void)value, (void)result;
    printf("f1\n");
    int status = greenlet_switch(g, NULL, NULL);
    if (status < 0) return status;
    printf("f2\n");
    return GREENLET_OK;
}

static int run_g(void *value, void **result) {
    (void)value, (void)result;
    printf("g1\n");
    int status = greenlet_switch(f, NULL, NULL);
    if (status < 0) return status;
    printf("g2\n");
    return GREENLET_OK;
}

static int switch_and_look(greenlet_t *target) {
    int status = greenlet_switch(target, NULL, NULL);
    printf("f die? %s g die ? %s\n", greenlet_dead(f) ? "True" : "False",
           greenlet_dead(g) ? "True" : "False");
    return status;
}

int main(void) {
    if (greenlet_new(run_f, NULL, &f) < 0) return 1;
    if (greenlet_new(run_g, NULL, &g) < 0) return 1;
    int status = switch_and_look(f);
    if (status >= 0) status = switch_and_look(g);
    greenlet_unref(f);
    greenlet_unref(g);
    return status < 0;
}
