// A greenlet digs deeper than its stack is.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "greenlet.h"

enum { STACK = 65536 };

static int dig(int depth) {
    volatile char room[256];
    room[0] = (char)depth;
    return depth ? dig(depth - 1) + room[0] : 0;
}

static int run_dig(void *value, void **result) {
    (void)value, (void)result;
    return dig(100000) < 0;
}

int main(void) {
    greenlet_t *digger;
    if (greenlet_new(run_dig, NULL, &digger) < 0) return 2;
    if (greenlet_set_name(digger, "digger") < 0) return 2;
    if (greenlet_set_stack_size(digger, STACK) < 0) return 2;
    puts("before");
    fflush(stdout);
    (void)greenlet_switch(digger, NULL, NULL);
    puts("after");
    return 0;
}
