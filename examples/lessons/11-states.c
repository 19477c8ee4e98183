// The states that a generator goes through.
//
//   greenlet-wasm run examples/lessons/11-states.c
//
// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdio.h>

#include "generator.h"

static int receive(intptr_t yielded, const char *name, intptr_t *received) {
    void *sent;
    int status = generator_yield((void *)yielded, &sent);
    if (status < 0) return status;
    *received = (intptr_t)sent;
    printf("%s =  %d\n", name, (int)*received);
    return GREENLET_OK;
}

static int add_two(void *argument, void **result) {
    intptr_t a = (intptr_t)argument, b = 0, c = 0;
    (void)result;
    printf("start: a =  %d\n", (int)a);
    int status = receive(a, "b", &b);
    if (status < 0) return status;
    return receive(a + b, "c", &c);
}

static void print_state(const generator_t *generator) {
    static const char *const names[] = {"CREATED", "RUNNING", "SUSPENDED", "CLOSED"};
    printf("GEN_%s\n", names[generator_state(generator)]);
}

static void send(generator_t *generator, intptr_t value) {
    void *yielded;
    int status = generator_send(generator, (void *)value, &yielded);
    if (status == GREENLET_OK) printf("%d\n", (int)(intptr_t)yielded);
    if (status == GENERATOR_DONE) printf("StopIteration\n");
}

int main(void) {
    generator_t *generator;
    if (generator_new(add_two, (void *)(intptr_t)2, &generator) < 0) return 1;
    print_state(generator);
    send(generator, 0);
    print_state(generator);
    send(generator, 3);
    send(generator, 4);
    print_state(generator);
    generator_unref(generator);
    return 0;
}
