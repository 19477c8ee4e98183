// Recurses without end in a greenlet that has a name and a stack of 64 KiB.
//
// SPDX-License-Identifier: MIT
#include "gevent.h"

static int dig(int depth) {
    volatile char frame[256];
    frame[depth % 256] = (char)depth;
    if (depth < 0) return 0;
    int below = dig(depth + 1);
    return below + frame[depth % 256];
}

static int run_digger(void *value, void **result) {
    (void)value, (void)result;
    return dig(0);
}

int main(void) {
    greenlet_t *digger;
    if (greenlet_new(run_digger, NULL, &digger) < 0) return 2;
    if (greenlet_set_name(digger, "digger") < 0) return 2;
    if (greenlet_set_stack_size(digger, 65536) < 0) return 2;
    (void)greenlet_switch(digger, NULL, NULL);
    return 0; // nobody has noticed
}
