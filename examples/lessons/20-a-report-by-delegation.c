// A generator that delegates: who sends numbers to a grouper talks to the averager inside, until
// that one is sent NULL and ends; the grouper takes its result and goes on with a new one.
//
//   greenlet-wasm run examples/lessons/20-a-report-by-delegation.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator.h"

enum { GROUPS = 4, NUMBERS = 6 };

typedef struct group {
    const char *name, *unit;
    double numbers[NUMBERS];
    int count; // the result
    double average;
} group_t;

static group_t groups[GROUPS] = {
    {"girls", "kg", {40, 41, 42, 43, 44, 54}, 0, 0},
    {"girls", "m", {1.5, 1.6, 1.8, 1.5, 1.45, 1.6}, 0, 0},
    {"boys", "kg", {50, 51, 62, 53, 54, 54}, 0, 0},
    {"boys", "m", {1.6, 1.8, 1.8, 1.7, 1.55, 1.6}, 0, 0},
};

// ---- the generators -----------------------------------------------------------------------------

static int average(void *argument, void **result) {
    group_t *outcome = argument;
    double total = 0;
    for (int count = 0;; count++) {
        void *number;
        printf("in averager, before yield\n");
        int status = generator_yield(NULL, &number);
        if (status < 0) return status;
        if (!number) break;
        total += *(const double *)number;
        outcome->average = total / (count + 1);
        outcome->count = count + 1;
    }
    printf("in averager, return result\n");
    *result = outcome;
    return GREENLET_OK;
}

static int delegate_to_average(group_t *outcome) {
    generator_t *averager;
    int status = generator_new(average, outcome, &averager);
    if (status < 0) return status;
    status = generator_delegate(averager, NULL);
    generator_unref(averager);
    return status;
}

static int group(void *argument, void **result) {
    group_t *self = argument;
    (void)result;
    for (;;) {
        group_t outcome = {0};
        printf("in grouper, before yield from averager, key is  %s;%s\n", self->name, self->unit);
        int status = delegate_to_average(&outcome);
        if (status < 0) return status;
        self->count = outcome.count;
        self->average = outcome.average;
        printf("in grouper, after yield from, key is  %s;%s\n", self->name, self->unit);
    }
}

// ---- who drives them ----------------------------------------------------------------------------

static int send_all(generator_t *grouper, group_t *self) {
    int status = GREENLET_OK;
    for (int i = 0; i < NUMBERS && status >= 0; i++) {
        printf("send to <generator object grouper at %p> value %f now\n", (void *)grouper,
               self->numbers[i]);
        status = generator_send(grouper, &self->numbers[i], NULL);
    }
    if (status < 0) return status;
    printf("send to <generator object grouper at %p> none\n", (void *)grouper);
    return generator_send(grouper, NULL, NULL);
}

static int drive(generator_t *grouper, group_t *self) {
    printf("\ncreate group:  <generator object grouper at %p>\n", (void *)grouper);
    int status = generator_next(grouper, NULL);
    if (status < 0) return status;
    printf("pre active group ok\n");
    return send_all(grouper, self);
}

// The next grouper takes the place of the last one, which is dropped two levels deep.
static int drive_all(generator_t **grouper) {
    for (int i = 0; i < GROUPS; i++) {
        generator_t *previous = *grouper;
        int status = generator_new(group, &groups[i], grouper);
        if (status < 0) return status;
        generator_unref(previous);
        status = drive(*grouper, &groups[i]);
        if (status < 0) return status;
    }
    return GREENLET_OK;
}

static int compare(const void *a, const void *b) {
    const group_t *first = a, *second = b;
    int names = strcmp(first->name, second->name);
    return names ? names : strcmp(first->unit, second->unit);
}

static void report(void) {
    qsort(groups, GROUPS, sizeof *groups, compare);
    printf("report result: \n");
    for (int i = 0; i < GROUPS; i++)
        printf("%2d %-5s averaging %.2f%s\n", groups[i].count, groups[i].name, groups[i].average,
               groups[i].unit);
}

int main(void) {
    generator_t *grouper = NULL;
    int status = drive_all(&grouper);
    if (status >= 0) report();
    generator_unref(grouper);
    return status < 0;
}
