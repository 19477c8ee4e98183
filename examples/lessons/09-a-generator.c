// A generator stops at its yield and goes on when it is sent something. Having nothing more to
// yield it has ended: GENERATOR_DONE. This program has not reckoned with that, and fails.
//
//   greenlet-wasm run examples/lessons/09-a-generator.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "generator.h"

static int receive_one(void *argument, void **result) {
    (void)argument, (void)result;
    void *x;
    printf("start\n");
    int status = generator_yield(NULL, &x);
    if (status < 0) return status;
    printf("x: %d\n", (int)(intptr_t)x);
    return GREENLET_OK;
}

int main(void) {
    generator_t *generator;
    if (generator_new(receive_one, NULL, &generator) < 0) return 1;
    int status = generator_next(generator, NULL);
    if (status == GREENLET_OK) status = generator_send(generator, (void *)(intptr_t)10, NULL);
    generator_unref(generator);
    if (status == GENERATOR_DONE) fprintf(stderr, "StopIteration\n");
    return status != GREENLET_OK;
}
