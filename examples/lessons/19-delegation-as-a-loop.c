// At its simplest generator_delegate is a loop that yields on what another generator yields.
//
//   greenlet-wasm run examples/lessons/19-delegation-as-a-loop.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "generator.h"

static void *const letters[] = {"'A'", "'B'"};
static void *const numbers[] = {"1", "2"};

static int yield_each(void *const *items, size_t count) {
    int status = GREENLET_OK;
    for (size_t i = 0; i < count && status >= 0; i++) status = generator_yield(items[i], NULL);
    return status;
}

static int with_loops(void *argument, void **result) {
    (void)argument, (void)result;
    int status = yield_each(letters, 2);
    return status < 0 ? status : yield_each(numbers, 2);
}

static int delegate_to(void *const *items, size_t count) {
    generator_t *array;
    int status = generator_from_array(items, count, &array);
    if (status < 0) return status;
    status = generator_delegate(array, NULL);
    generator_unref(array);
    return status;
}

static int with_delegation(void *argument, void **result) {
    (void)argument, (void)result;
    int status = delegate_to(letters, 2);
    return status < 0 ? status : delegate_to(numbers, 2);
}

static int print_list(greenlet_run_fn run) {
    generator_t *generator;
    void *item;
    int status = generator_new(run, NULL, &generator);
    if (status < 0) return status;
    const char *gap = "[";
    while ((status = generator_next(generator, &item)) == GREENLET_OK) {
        printf("%s%s", gap, (const char *)item);
        gap = ", ";
    }
    printf("]\n");
    generator_unref(generator);
    return status;
}

int main(void) {
    if (print_list(with_loops) < 0) return 1;
    return print_list(with_delegation) < 0;
}
