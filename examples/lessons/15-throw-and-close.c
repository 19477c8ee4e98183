// generator_throw makes the yield fail; a body that handles the error goes on to its next yield.
// generator_close throws GREENLET_EXIT, which is not to be handled.
//
//   greenlet-wasm run examples/lessons/15-throw-and-close.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "generator.h"

static const greenlet_error_type_t DEMO = {"DemoException", &GREENLET_ERROR, GREENLET_EUSER};

static int handle_demo(void *argument, void **result) {
    (void)argument, (void)result;
    printf("-> coroutine started\n");
    for (;;) {
        void *x;
        int status = generator_yield(NULL, &x);
        if (status == DEMO.code)
            printf("*** DemoException handled. Continuing...\n");
        else if (status < 0)
            return status;
        else
            printf("-> coroutine received: %d\n", (int)(intptr_t)x);
    }
}

static void print_state(const generator_t *generator) {
    static const char *const names[] = {"CREATED", "RUNNING", "SUSPENDED", "CLOSED"};
    printf("'GEN_%s'\n", names[generator_state(generator)]);
}

static int throw_demo(generator_t *generator) {
    greenlet_error_t *error = greenlet_error_new(&DEMO, NULL);
    int status = generator_throw(generator, error, NULL);
    greenlet_error_unref(error);
    return status;
}

int main(void) {
    generator_t *generator;
    if (generator_new(handle_demo, NULL, &generator) < 0) return 1;
    int status = generator_next(generator, NULL);
    if (status >= 0) status = generator_send(generator, (void *)(intptr_t)11, NULL);
    if (status >= 0) status = generator_send(generator, (void *)(intptr_t)22, NULL);
    if (status >= 0) status = throw_demo(generator);
    print_state(generator);
    if (status >= 0) status = generator_close(generator);
    print_state(generator);
    generator_unref(generator);
    return status < 0;
}
