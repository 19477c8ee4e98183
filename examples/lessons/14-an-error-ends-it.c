// An error that the body does not handle ends the generator and goes to whoever advanced it.
//
//   greenlet-wasm run examples/lessons/14-an-error-ends-it.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator.h"

static const greenlet_error_type_t TYPE_ERROR = {"TypeError", &GREENLET_ERROR, GREENLET_EUSER};

static int add(double *total, const char *text) {
    char *end;
    double number = strtod(text, &end);
    if (end == text)
        return greenlet_raise(&TYPE_ERROR, "unsupported operand type(s) for +=: 'float' and 'str'");
    *total += number;
    return GREENLET_OK;
}

static int average(void *argument, void **result) {
    double total = 0, mean = 0;
    (void)argument, (void)result;
    for (int count = 1;; count++) {
        void *text;
        int status = generator_yield(&mean, &text);
        if (status >= 0) status = add(&total, text);
        if (status < 0) return status;
        mean = total / count;
    }
}

static void send(generator_t *generator, char *text) {
    void *mean;
    int status = generator_send(generator, text, &mean);
    const greenlet_error_t *error = greenlet_last_error();
    if (status == GREENLET_OK)
        printf("%.1f\n", *(double *)mean);
    else if (status == GENERATOR_DONE)
        printf("StopIteration\n");
    else
        printf("%s: %s\n", greenlet_error_type(error)->name, greenlet_error_message(error));
}

int main(void) {
    char *texts[] = {"40", "50", "spam", "60"};
    generator_t *generator;
    if (generator_new_primed(average, NULL, &generator) < 0) return 1;
    for (int i = 0; i < 4; i++) send(generator, texts[i]);
    generator_unref(generator);
    return 0;
}
