// What the tests of src/context.h share: the contexts of a thread, and two run functions.
//
// SPDX-License-Identifier: MIT
#ifndef CONTEXT_TEST_H
#define CONTEXT_TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "../src/context.h"
#include "../src/greenlet_error.h"

#define SMALL 32768u
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

extern _Thread_local context_t root;
extern _Thread_local context_t first;
extern _Thread_local context_t second;
extern _Thread_local int steps;

// Run functions of `first`. Both count a step; one goes back to the root for good, the other one
// again and again, with some of its stack in use.
int finish_at_once(void *value, void **result);
int wait_for_ever(void *value, void **result);

typedef struct context_case {
    const char *name; // NULL: the end of the list
    void (*run)(void);
} context_case_t;

// What only this host can be asked. They are run first.
extern const context_case_t host_cases[];

#endif
