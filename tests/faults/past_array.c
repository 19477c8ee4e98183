// Writes past an array on the stack of a greenlet that has been suspended in between.
//
// SPDX-License-Identifier: MIT
#include "gevent.h"

static int run_writer(void *value, void **result) {
    volatile int numbers[4] = {0};
    volatile int *volatile last = &numbers[3];
    int code = greenlet_switch(greenlet_main(), value, NULL);
    if (code < 0) return code;
    last[1] = 1;
    *result = numbers[0] ? value : NULL;
    return GREENLET_OK;
}

int main(void) {
    greenlet_t *writer;
    if (greenlet_new(run_writer, NULL, &writer) < 0) return 2;
    for (int i = 0; i < 2; i++) (void)greenlet_switch(writer, NULL, NULL);
    greenlet_unref(writer);
    return 0;
}
