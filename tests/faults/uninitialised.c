// Decides by a local that a greenlet has never written, on a stack that another one has used.
//
// SPDX-License-Identifier: MIT
#include "gevent.h"

enum { COUNT = 64 };

static int run_use(void *value, void **result) {
    volatile int numbers[COUNT];
    for (int i = 0; i < COUNT; i++) numbers[i] = i;
    *result = numbers[COUNT - 1] ? value : NULL;
    return GREENLET_OK;
}

static int run_guess(void *value, void **result) {
    (void)result;
    volatile int numbers[COUNT];
    numbers[0] = 1;
    int code = greenlet_switch(greenlet_main(), value, NULL);
    if (code < 0) return code;
    return numbers[COUNT - 1] == 7 ? greenlet_fail(GREENLET_EFAILED) : GREENLET_OK;
}

static int run_to_end(greenlet_run_fn run) {
    greenlet_t *greenlet;
    if (greenlet_new(run, NULL, &greenlet) < 0) return -1;
    while (!greenlet_dead(greenlet))
        if (greenlet_switch(greenlet, NULL, NULL) < 0) return -1;
    greenlet_unref(greenlet);
    return 0;
}

int main(void) {
    return run_to_end(run_use) < 0 || run_to_end(run_guess) < 0 ? 2 : 0;
}
