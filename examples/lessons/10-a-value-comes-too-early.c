// A generator that has not started has no yield which could return a value: to send one is refused,
// and it can still be started.
//
//   greenlet-wasm run examples/lessons/10-a-value-comes-too-early.c
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
    int status = generator_send(generator, (void *)(intptr_t)10, NULL);
    int is_fresh = generator_state(generator) == GENERATOR_CREATED;
    generator_unref(generator);
    if (status == GREENLET_EINVAL && is_fresh)
        fprintf(stderr, "TypeError: can't send non-None value to a just-started generator\n");
    return status < 0;
}
