// A generator that is a sink: it takes numbers and keeps the mean in its own local variables.
//
//   greenlet-wasm run examples/lessons/12-running-average.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "generator.h"

// The mean of all numbers that it has been sent; each arrives as a pointer, and so does the mean.
static int average(void *argument, void **result) {
    double total = 0, mean = 0;
    void *mean_so_far = NULL;
    (void)argument, (void)result;
    for (int count = 1;; count++) {
        void *sent;
        int status = generator_yield(mean_so_far, &sent);
        if (status < 0) return status;
        total += *(const double *)sent;
        mean = total / count;
        mean_so_far = &mean;
    }
}

// At least one digit after the point, and as many as it takes to read the same number back.
static void print_float(double number) {
    char text[32];
    snprintf(text, sizeof text, "%.17g", number);
    printf("%s%s\n", text, strchr(text, '.') ? "" : ".0");
}

int main(void) {
    double numbers[] = {10, 30, 40};
    generator_t *generator;
    if (generator_new(average, NULL, &generator) < 0) return 1;
    int status = generator_next(generator, NULL); // to its first yield
    for (int i = 0; i < 3 && status == GREENLET_OK; i++) {
        void *mean;
        status = generator_send(generator, &numbers[i], &mean);
        if (status == GREENLET_OK) print_float(*(double *)mean);
    }
    generator_unref(generator);
    return status < 0;
}
