// What a generator returns comes with GENERATOR_DONE.
//
//   greenlet-wasm run examples/lessons/17-return-value.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "generator.h"

typedef struct outcome {
    int count;
    double average;
} outcome_t;

// Takes numbers until it is sent NULL; the outcome is where `argument` points to.
static int average(void *argument, void **result) {
    outcome_t *outcome = argument;
    double total = 0;
    for (;;) {
        void *sent;
        int status = generator_yield(NULL, &sent);
        if (status < 0) return status;
        if (!sent) break;
        total += *(const double *)sent;
        outcome->average = total / ++outcome->count;
    }
    *result = outcome;
    return GREENLET_OK;
}

int main(void) {
    double numbers[] = {10, 30, 6.5};
    outcome_t outcome = {0};
    generator_t *generator;
    void *returned;
    int status = generator_new_primed(average, &outcome, &generator);
    if (status < 0) return 1;
    for (int i = 0; i < 3 && status == GREENLET_OK; i++)
        status = generator_send(generator, &numbers[i], NULL);
    if (status == GREENLET_OK) status = generator_send(generator, NULL, &returned);
    if (status == GENERATOR_DONE) {
        const outcome_t *end = returned;
        printf("StopIteration: Result(count=%d, average=%.1f)\n", end->count, end->average);
    }
    generator_unref(generator);
    return status < 0;
}
