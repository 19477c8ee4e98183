// Greenlets alone do not make waiting overlap: a call that blocks the thread blocks all of them, so
// that the two waits add up. With gevent_sleep, and the hub, they would not.
//
//   greenlet-wasm run examples/lessons/06-blocking-does-not-overlap.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

enum { BLOCK_MILLISECONDS = 50 };

static greenlet_t *f, *g;

// Not gevent_sleep: nobody else runs.
static void block(void) {
    double end = gevent_now() + BLOCK_MILLISECONDS / 1e3;
    while (gevent_now() < end) {
    }
}

static int run_f(void *value, void **result) {
    (void)value;
    printf("f is runinng\n");
    block();
    int status = greenlet_switch(g, NULL, NULL);
    if (status < 0) return status;
    printf("f is done\n");
    return greenlet_switch(g, NULL, result);
}

static int run_g(void *value, void **result) {
    (void)value, (void)result;
    printf("g is running\n");
    block();
    int status = greenlet_switch(f, NULL, NULL);
    if (status < 0) return status;
    printf("g is done\n");
    return GREENLET_OK;
}

int main(void) {
    if (greenlet_new(run_f, NULL, &f) < 0) return 1;
    if (greenlet_new(run_g, NULL, &g) < 0) return 1;
    double start = gevent_now();
    int status = greenlet_switch(f, NULL, NULL);
    double seconds = gevent_now() - start;
    printf("total time : %.3f\n", seconds);
    greenlet_unref(f);
    greenlet_unref(g);
    return status < 0 || seconds < 2 * BLOCK_MILLISECONDS / 1e3;
}
